/* The answer sheet: one cell for each question. A bottom sheet on a phone, the right column on a desktop. */

import { icon, make, say } from "./page.js";

/* Fill the sheet. Returns {update, focusCurrent}; hears: picked(position). */
export function makeSheet({ items, sections }, { list, count, badge }, hears) {
  const cells = new Map();
  const tallies = [];

  for (const section of sections) {
    const tally = make("span", { class: "num" });
    const grid = make("div", { class: "cells" });
    for (const item of section.items) {
      const cell = make("button", { type: "button", class: "c", text: item.position, "data-go": item.position });
      cells.set(item, cell);
      grid.append(cell);
    }
    if (section.title) list.append(make("h3", { class: "sec" }, make("b", { text: section.title }), tally));
    list.append(grid);
    tallies.push({ section, tally });
  }
  list.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-go]");
    if (cell) hears.picked(Number(cell.dataset.go));
  });

  function draw(item, current) {
    const cell = cells.get(item);
    const answered = item.answered;
    cell.classList.toggle("a", answered);
    cell.classList.toggle("f", item.flagged);
    cell.classList.toggle("cur", item === current);
    if (item === current) cell.setAttribute("aria-current", "true");
    else cell.removeAttribute("aria-current");
    const flag = cell.querySelector("svg");
    if (item.flagged && !flag) cell.append(icon("flag"));
    if (!item.flagged && flag) flag.remove();
    const states = [say(answered ? "answered" : "unanswered"), item.flagged && say("flagged"), item === current && say("current")];
    cell.setAttribute("aria-label", [say("question", { number: item.position }), ...states.filter(Boolean)].join(say("comma")));
  }

  return {
    update(current) {
      for (const item of items) draw(item, current);
      for (const { section, tally } of tallies) {
        const done = section.items.filter((item) => item.answered).length;
        tally.textContent = say("answered_of", { done, total: section.items.length });
      }
      const answered = items.filter((item) => item.answered).length;
      count.textContent = say("answered_and_not", { done: answered, open: items.length - answered });
      badge.textContent = `${answered}/${items.length}`;
      return answered;
    },
    cellOf: (item) => cells.get(item),
  };
}
