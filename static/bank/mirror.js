/* mirror.js: the lines of a text, drawn behind its field: numbers, colours, and the height of the field. Only changed lines are redrawn. */

export class Mirror {
  constructor(box, field, mirror) {
    this.box = box;
    this.field = field;
    this.mirror = mirror;
    this.lines = [];
    box.classList.add("live");
    this.read();
  }

  /** Redraw what changed in the field since the last time. */
  read() {
    const lines = this.field.value.split("\n");
    const old = this.lines;
    const most = Math.min(old.length, lines.length);
    let same = 0;
    while (same < most && old[same] === lines[same]) same += 1;
    let tail = 0;
    while (tail < most - same && old[old.length - 1 - tail] === lines[lines.length - 1 - tail]) tail += 1;
    this.replace(same, old.length - tail, lines.slice(same, lines.length - tail));
    this.lines = lines;
    if (document.activeElement === this.field) this.follow();
  }

  /** Keep the line of the caret in view: the field is as high as its text, so the box around it has to scroll. */
  follow() {
    this.field.scrollTop = 0;
    const line = this.mirror.children[this.field.value.slice(0, this.field.selectionEnd).split("\n").length - 1];
    if (!line) return;
    const below = line.offsetTop + line.offsetHeight + 8 - this.box.clientHeight;
    if (line.offsetTop < this.box.scrollTop) this.box.scrollTop = line.offsetTop;
    else if (below > this.box.scrollTop) this.box.scrollTop = below;
  }

  replace(from, to, lines) {
    const boxes = this.mirror.children;
    const kept = Math.min(to - from, lines.length);
    for (let i = 0; i < kept; i += 1) boxes[from + i].textContent = lines[i];
    for (let i = to - 1; i >= from + kept; i -= 1) boxes[i].remove();
    const added = document.createDocumentFragment();
    for (const line of lines.slice(kept)) {
      const box = document.createElement("div");
      box.textContent = line;
      added.append(box);
    }
    this.mirror.insertBefore(added, boxes[from + kept] || null);
  }

  /** Colour the lines. runs: [[tone, first line, last line], …] */
  paint(runs) {
    const boxes = [...this.mirror.children];
    const tones = new Array(boxes.length).fill("");
    runs.forEach(([tone, first, last]) => tones.fill(tone, first - 1, last));
    boxes.forEach((box, place) => { if (box.className !== tones[place]) box.className = tones[place]; });
  }

  /** Select lines in the field and bring them into view. Lines count from 1. */
  show(first, last, { focus = true } = {}) {
    const start = this.lines.slice(0, first - 1).reduce((sum, line) => sum + line.length + 1, 0);
    const length = this.lines.slice(first - 1, last).join("\n").length;
    if (focus) this.field.focus({ preventScroll: true });
    this.field.setSelectionRange(start, start + length);
    [...this.mirror.querySelectorAll(".here")].forEach((box) => box.classList.remove("here"));
    const boxes = [...this.mirror.children].slice(first - 1, last);
    boxes.forEach((box) => box.classList.add("here"));
    if (boxes[0]) this.box.scrollTop = Math.max(0, boxes[0].offsetTop - this.box.clientHeight / 4);
  }
}
