/* What the page says about itself: the save chip, and the notes between the bar and the question. */

import { announce, icon, iconAddress, make, say } from "./page.js";

const CALM = 1000; // ms a save may take before the chip says that it is saving
const TROUBLE = new Set(["offline", "failed", "taken_over", "sign_in"]);

/* A place for notes, each known by its name, so that none stands there twice. */
export function makeNotes(place) {
  const open = new Map();

  function hide(name) {
    if (open.has(name)) open.get(name).remove();
    open.delete(name);
  }

  /* Show a note: mark = its icon, tone = info|ok|warn|err, strong and text its words, action = an element below them. */
  function show(name, { mark, tone, strong = "", text = "", action = null, closes = false, seconds = 0 }) {
    hide(name);
    const words = make("div", { class: "note-text" }, make("p", {}, strong && make("b", { text: strong }), text));
    if (action) words.append(action);
    const note = make("div", { class: `note ${tone}`, "data-note": name }, icon(mark), words);
    if (closes) {
      const cross = make("button", { type: "button", class: "note-close", "aria-label": say("dismiss") }, icon("x"));
      cross.addEventListener("click", () => hide(name));
      note.append(cross);
    }
    place.append(note);
    open.set(name, note);
    if (seconds) window.setTimeout(() => hide(name), seconds * 1000);
  }

  return { show, hide };
}

/* The chip in the bar. Speaks up only when trouble begins or ends. */
export function makeChip(chip, retry) {
  const mark = chip.querySelector("use");
  const line = chip.querySelector("[data-save-word]");
  let shown = "";
  let calm = 0;
  let troubled = false;
  chip.addEventListener("click", () => { if (chip.dataset.state === "failed" || chip.dataset.state === "offline") retry(); });

  function draw(name, text, time = "") {
    chip.dataset.state = name;
    chip.classList.toggle("off", TROUBLE.has(name) || name === "catching_up");
    mark.setAttribute("href", iconAddress(TROUBLE.has(name) ? "cloud-off" : name === "saved" ? "cloud-check" : "cloud-upload"));
    line.replaceChildren(text, time && make("span", { class: "ts", text: ` ${time}` }));
  }

  return function update(name, { waiting, total, done, savedAt }) {
    const state = [name, waiting, savedAt].join();
    if (state === shown) return;
    shown = state;
    window.clearTimeout(calm);
    if (name === "saving") calm = window.setTimeout(() => draw(name, say("saving")), CALM);
    else if (name === "saved") draw(name, say("saved"), savedAt);
    else if (name === "catching_up") draw(name, say("catching_up", { done, total }));
    else if (name === "offline") draw(name, waiting ? say("offline_n", { count: waiting }) : say("offline"));
    else if (name !== "ended") draw(name, say(`chip_${name}`));
    if (TROUBLE.has(name) !== troubled) announce(say(troubled ? "saved" : `chip_${name}`));
    troubled = TROUBLE.has(name);
  };
}
