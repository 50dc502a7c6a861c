/* One question at a time: which one stands in view, the title, the buttons, the address. */

import { make, say } from "./page.js";

/* Returns {show, step, current}; hears: moved(item) after each move. */
export function makePager({ items, sections }, { address, title, next, previous }, hears) {
  const nextWord = next.querySelector("span").textContent;
  let current = items[0];

  for (const { heading, position } of items) {
    const numbers = { number: position, total: items.length };
    heading.replaceChildren(
      make("span", { class: "visually-hidden", text: say("question_of", numbers) }),
      numbered("phone", String(position), ` / ${items.length}`),
      numbered("desk", say("question", numbers), ` / ${say("in_all", numbers)}`),
    );
  }

  function show(position, { focus = true } = {}) {
    current = items[Math.min(Math.max(1, position), items.length) - 1];
    for (const item of items) item.element.hidden = item !== current;
    for (const section of sections) if (section.element) place(section);
    document.title = say("title", { question: say("question_of", { number: current.position, total: items.length }), title });
    window.history.replaceState(null, "", `${address}?q=${current.position}`);
    previous.disabled = current === items[0];
    next.querySelector("span").textContent = current === items[items.length - 1] ? say("check") : nextWord;
    if (focus) bringUp(current.heading);
    hears.moved(current);
  }

  /* A section's heading stands in full above its first question; above the others only a screen reader meets it. */
  function place({ element, items: [first, ...rest] }) {
    element.hidden = current !== first && !rest.includes(current);
    element.classList.toggle("visually-hidden", current !== first);
  }

  return {
    show,
    step: (by) => show(current.position + by),
    get current() { return current; },
    get atEnd() { return current === items[items.length - 1]; },
  };
}

function numbered(where, strong, weak) {
  return make("span", { class: where, "aria-hidden": "true" }, strong, make("small", { text: weak }));
}

/* Move focus to a heading and the view to its top. */
export function bringUp(heading) {
  heading.focus({ preventScroll: true });
  window.scrollTo(0, 0);
  const pane = heading.closest("main");
  if (pane) pane.scrollTop = 0;
}
