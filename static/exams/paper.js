/* The paper as it stands in the page: its items in order, their sections, and what is answered. */

/* Read the form. Returns {items, sections}: an item has position, element, kind, section, answer, flagged, answered. */
export function readPaper(form) {
  const items = [];
  const sections = [];
  for (const element of form.querySelectorAll(".q, .sec-h")) {
    if (element.classList.contains("sec-h")) {
      sections.push({ element, title: element.dataset.title, items: [] });
      continue;
    }
    if (!sections.length) sections.push({ element: null, title: "", items: [] });
    const section = sections[sections.length - 1];
    const item = new Item(element, items.length + 1, section);
    section.items.push(item);
    items.push(item);
  }
  return { items, sections };
}

class Item {
  constructor(element, position, section) {
    this.element = element;
    this.position = position;
    this.section = section;
    this.fields = [...element.querySelectorAll("fieldset input")];
    this.flag = element.querySelector(".flag input");
    this.heading = element.querySelector(".no");
    this.written = this.fields.length > 0 && this.fields[0].type === "text";
  }

  /* Chosen letters, or typed strings; [] when nothing is there. */
  get answer() {
    if (!this.written) return this.fields.filter((field) => field.checked).map((field) => field.value);
    const typed = this.fields.map((field) => field.value.trim());
    return typed.some(Boolean) ? typed : [];
  }

  set answer(values) {
    this.fields.forEach((field, place) => {
      if (this.written) field.value = values[place] || "";
      else field.checked = values.includes(field.value);
    });
  }

  get answered() { return this.answer.length > 0; }

  get flagged() { return this.flag.checked; }

  set flagged(on) { this.flag.checked = on; }

  /* Choose the nth option as a key press does: a radio is set, a checkbox turned over. */
  choose(place) {
    const field = this.written ? null : this.fields[place];
    if (field) field.click();
    return Boolean(field);
  }

  lock(locked) {
    this.element.querySelector("fieldset").disabled = locked;
    this.flag.disabled = locked;
  }
}
