/* editor.js: the editor of a question: rows of options, keys, the preview while typing. Without it the buttons send the form and get it back. */

const form = document.querySelector("[data-editor]");
const list = form.querySelector("[data-rows]");
const blanks = form.querySelector("[data-blanks]");
const stem = form.querySelector("[name=stem]");
const letters = [...list.dataset.letters];
const MOST_BLANKS = 30;
const PAUSE = 500; // ms without typing before the preview is asked for

form.querySelectorAll("[data-plain]").forEach((button) => { button.hidden = true; });
form.querySelectorAll("[data-keys-words], [data-insert-blank]").forEach((words) => { words.hidden = false; });

const kind = () => (form.querySelector("[name=kind]:checked") || {}).value;
const rows = () => [...list.querySelectorAll("[data-row]")];
const inputOf = (row) => row.querySelector("[name=option]");

/* ---- options ---- */

function letter(row, place) {
  const name = letters[place];
  const before = row.querySelector("[data-letter]").textContent;
  row.querySelector("[data-letter]").textContent = name;
  row.querySelectorAll("[aria-label]").forEach((element) => {
    element.setAttribute("aria-label", element.getAttribute("aria-label").replace(new RegExp(`${before}(?!.*${before})`), name));
  });
}

function refresh() {
  const single = kind() === "single_choice";
  rows().forEach((row, place) => {
    letter(row, place);
    const tick = row.querySelector("[name=key]");
    const on = tick.checked;
    tick.type = single ? "radio" : "checkbox";
    tick.checked = on;
    row.classList.toggle("key", tick.checked);
  });
  form.querySelector("[data-do=add]").disabled = rows().length >= letters.length;
}

function keepOneKey() {
  if (kind() !== "single_choice") return;
  rows().map((row) => row.querySelector("[name=key]")).filter((tick) => tick.checked).slice(1).forEach((tick) => { tick.checked = false; });
}

function add(after) {
  if (rows().length >= letters.length) return null;
  const row = rows()[0].cloneNode(true);
  const id = String(1 + Math.max(...rows().map((other) => Number(other.querySelector("[name=row]").value) || 0)));
  row.querySelector("[name=row]").value = id;
  row.querySelectorAll("[name=key], [name=pinned]").forEach((box) => { box.value = id; box.checked = false; });
  row.querySelectorAll("[data-do]").forEach((button) => { button.value = `${button.dataset.do}:${id}`; });
  row.querySelector("details").open = false;
  inputOf(row).value = "";
  (after || rows()[rows().length - 1]).after(row);
  changed();
  inputOf(row).focus();
  return row;
}

function takeOut(row) {
  const all = rows();
  const place = all.indexOf(row);
  if (all.length === 1) inputOf(row).value = "";
  else row.remove();
  const next = rows()[Math.max(0, place - 1)];
  changed();
  inputOf(next).focus();
}

function move(row, step) {
  const all = rows();
  const to = all[all.indexOf(row) + step];
  if (!to) return;
  if (step < 0) to.before(row);
  else to.after(row);
  changed();
  inputOf(row).focus();
}

const DO = { add: () => add(), up: (row) => move(row, -1), down: (row) => move(row, 1), out: takeOut };

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  event.preventDefault();
  const menu = button.closest("details");
  if (menu) menu.open = false;
  DO[button.dataset.do](button.closest("[data-row]"));
});

function optionKey(event, row) {
  if (event.key === "Enter" && !event.ctrlKey && !event.shiftKey) {
    const next = row.nextElementSibling;
    if (next && !inputOf(next).value) inputOf(next).focus();
    else add(row);
  } else if (event.key === "Backspace" && !inputOf(row).value && rows().length > 2) {
    takeOut(row);
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    move(row, event.key === "ArrowUp" ? -1 : 1);
  } else {
    return false;
  }
  return true;
}

/* ---- keys of the whole form ---- */

form.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const row = event.target.name === "option" && event.target.closest("[data-row]");
  if (row && optionKey(event, row)) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.isComposing) return;
  if (event.key === "Enter") {
    event.preventDefault();
    document.querySelector(event.shiftKey ? "[data-save-new]" : "[data-save]").click();
  } else if (/^[1-9]$/.test(event.key) && !list.closest("[data-for]").hidden) {
    const row = rows()[Number(event.key) - 1];
    if (!row) return;
    event.preventDefault();
    const tick = row.querySelector("[name=key]");
    tick.checked = tick.type === "radio" || !tick.checked;
    changed();
  }
});

/* ---- kinds and blanks ---- */

function showKind() {
  form.querySelectorAll("[data-for]").forEach((part) => { part.hidden = !part.dataset.for.split(" ").includes(kind()); });
  keepOneKey();
}

function matchBlanks() {
  const wanted = Math.min(MOST_BLANKS, Math.max(1, (stem.value.match(/_{3,}/g) || []).length));
  const fields = [...blanks.children];
  for (let n = fields.length; n < wanted; n += 1) blanks.append(blank(fields[0], n + 1));
  [...blanks.children].slice(wanted).reverse().forEach((field) => {
    if (field === blanks.lastElementChild && !field.querySelector("textarea").value.trim()) field.remove();
  });
}

function blank(sample, number) {
  const field = sample.cloneNode(true);
  const label = field.querySelector("label");
  label.textContent = label.textContent.replace(/\d+/, number);
  label.htmlFor = `blank-${number}`;
  Object.assign(field.querySelector("textarea"), { id: `blank-${number}`, value: "" });
  return field;
}

form.querySelector("[data-insert-blank]").addEventListener("click", () => {
  stem.setRangeText("____", stem.selectionStart, stem.selectionEnd, "end");
  stem.focus();
  stem.dispatchEvent(new Event("input", { bubbles: true }));
});

/* ---- the preview ---- */

let timer = null;
let asked = 0;

function changed() {
  refresh();
  inputOf(rows()[0]).dispatchEvent(new Event("input", { bubbles: true })); // as if typed: unsaved, and seen in the preview
}

async function preview() {
  const number = (asked += 1);
  const answer = await fetch(form.dataset.preview, {
    method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "HX-Request": "true", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
  }).catch(() => null);
  if (!answer || !answer.ok || answer.redirected || number !== asked) return; // the next change asks again; saving says what is wrong
  const part = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("preview");
  if (part && number === asked) document.getElementById("preview").replaceWith(part);
}

form.addEventListener("input", () => {
  matchBlanks();
  clearTimeout(timer);
  timer = setTimeout(preview, PAUSE);
});
form.addEventListener("change", () => {
  showKind();
  refresh();
});

showKind();
refresh();
