/* The check before handing in, inside the page: what is open, flagged, not yet saved; the safe act comes first. */

import { make, say } from "./page.js";
import { bringUp } from "./pager.js";

/* Returns {open, close, update, isOpen}; hears: go(position), handIn(). */
export function makeCheck(items, root, { address, submit, back }, hears) {
  const find = (name) => root.querySelector(`[data-check="${name}"]`);
  let isOpen = false;
  let goal = null; // where the filled button leads, or null when it hands in

  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-go]");
    if (!link) return;
    event.preventDefault();
    hears.go(Number(link.dataset.go));
  });
  submit.addEventListener("click", () => hears.handIn());
  back.addEventListener("click", () => hears.go(goal));

  function links(name, list) {
    const links = list.map(({ position }) => make("a", {
      href: `${address}?q=${position}`, "data-go": position, text: say("question", { number: position }),
    }));
    find(name).replaceChildren(...links);
    find(`${name}-count`).textContent = say("questions", { count: list.length });
    find(`${name}-part`).classList.toggle("none", !list.length);
  }

  function update(waiting, wait) {
    if (!isOpen) return;
    const open = items.filter((item) => !item.answered);
    const flagged = items.filter((item) => item.flagged);
    find("count").textContent = say("check_count", { total: items.length, done: items.length - open.length });
    links("open", open);
    links("flagged", flagged);
    find("unsaved-count").textContent = say("questions", { count: waiting });
    find("unsaved-text").textContent = say(waiting ? "unsaved_wait" : "all_saved");
    find("unsaved-part").classList.toggle("none", !waiting);
    buttons(open, waiting, wait);
  }

  function buttons(open, waiting, wait) {
    goal = open.length ? open[0].position : items[items.length - 1].position;
    back.querySelector("span").textContent = open.length ? say("go_answer", { number: goal }) : say("go_back");
    back.classList.toggle("primary", open.length > 0);
    submit.classList.toggle("primary", open.length === 0);
    submit.disabled = waiting > 0 || Boolean(wait);
    submit.textContent = wait || say(waiting ? "wait_upload" : open.length ? "submit_anyway" : "submit");
  }

  return {
    open(waiting, wait) {
      isOpen = true;
      root.hidden = false;
      window.history.replaceState(null, "", `${address}/check`);
      document.title = say("title", { question: say("check_title"), title: root.dataset.title });
      update(waiting, wait);
      bringUp(root.querySelector("h2"));
    },
    close() {
      isOpen = false;
      root.hidden = true;
    },
    update,
    get isOpen() { return isOpen; },
  };
}
