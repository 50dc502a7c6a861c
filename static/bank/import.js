/* import.js: the import page while somebody works on it: saves and recognises while typing, colours the lines, jumps to problems.
   Everything goes through the page's one form; without this module its buttons do the same, page by page. */

import { Mirror } from "./mirror.js";

const form = document.querySelector("[data-import]");
const field = form.querySelector("[data-text]");
const state = form.querySelector("[data-save-state]");
const size = form.querySelector("[data-size]");
const PAUSE = 600; // ms without typing before the text is saved
const LONG_PAUSE = 2500; // for long texts, which take longer to send and to recognise
const LONG = 120000; // characters
const RETRY = 5000;

const mirror = new Mirror(form.querySelector("[data-source]"), field, form.querySelector("[data-mirror]"));
const found = () => document.getElementById("found");

/* ---- saving: one request at a time, always with the newest text ---- */

let stored = field.value;
let waiting = []; // acts that were pressed meanwhile, each {name, value}
let running = null;
let timer = null;

const isDirty = () => field.value !== stored;

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(() => save(), pause);
}

/** Save the text, then the acts in turn; resolves when all of it is on the server, to false when it is not. */
function save(act) {
  if (act) waiting.push(act);
  clearTimeout(timer);
  running = running || run().finally(() => { running = null; });
  return running;
}

async function run() {
  do {
    const act = waiting.shift();
    if (!(await send(act))) return false;
  } while (waiting.length || isDirty());
  return true;
}

async function send(act) {
  const text = field.value;
  const body = new FormData(form);
  body.delete("text");
  body.delete("upload");
  body.append("text", new Blob([text], { type: "text/plain" }), "text.txt"); // a file part may be longer than a field
  if (act) body.set(act.name, act.value);
  state.textContent = form.dataset.saving;
  const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true", "X-CSRFToken": token() } }).catch(() => null);
  if (!answer || answer.redirected || ![200, 409, 413, 422].includes(answer.status)) {
    failed(answer);
    if (act) waiting.unshift(act);
    return false;
  }
  stored = text;
  show(await answer.text(), answer.status);
  return answer.status !== 409;
}

function failed(answer) {
  state.textContent = form.dataset.failed;
  if (answer && answer.redirected) window.location.assign(answer.url); // signed out: the text is in the draft
  else later(RETRY);
}

const token = () => document.querySelector("meta[name=csrf-token]").content;

/* ---- what came back ---- */

function show(html, status) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const part = page.getElementById("found");
  if (!part) return;
  const scrolled = found().querySelector("[data-found]").scrollTop;
  const view = part.querySelector("[name=show][aria-pressed=true]");
  found().replaceWith(part);
  const acts = page.getElementById("import-acts");
  if (acts) document.getElementById("import-acts").replaceWith(acts);
  part.querySelector("[data-found]").scrollTop = scrolled;
  form.elements.seen.value = part.dataset.version;
  if (view) form.elements.view.value = view.value;
  if (part.dataset.url && !form.action.endsWith(part.dataset.url)) begun(part);
  state.textContent = status === 200 ? `${form.dataset.saved} ${new Date().toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" })}` : "";
  arrived();
}

/** The first save made the draft: from now on everything goes to its own address. */
function begun(part) {
  form.action = part.dataset.url;
  document.querySelector("[data-native=file]").formAction = part.dataset.fileUrl;
  const discard = document.querySelector("[data-native=discard]");
  discard.formAction = part.dataset.discardUrl;
  discard.hidden = false;
  window.history.replaceState(null, "", part.dataset.url);
}

function arrived() {
  if (!isDirty()) mirror.paint(JSON.parse(found().dataset.runs));
  form.querySelectorAll("[data-plain]").forEach((button) => { button.hidden = true; });
  document.querySelectorAll("[data-keys-words], [data-open][hidden]").forEach((words) => { words.hidden = false; });
  at = -1;
}

function count() {
  const lines = field.value ? mirror.lines.length : 0;
  size.textContent = form.dataset.count.replace("LINES", lines.toLocaleString("zh-CN")).replace("SIGNS", field.value.length.toLocaleString("zh-CN"));
}

field.addEventListener("input", () => {
  mirror.read();
  count();
  later(field.value.length > LONG ? LONG_PAUSE : PAUSE);
});
form.addEventListener("change", (event) => {
  if (event.target !== field && !("quiet" in event.target.dataset) && event.target.type !== "file") save();
});
document.addEventListener("visibilitychange", () => { if (document.hidden && isDirty()) save(); });
window.addEventListener("beforeunload", (event) => {
  if (!isDirty() || leaving) return;
  event.preventDefault();
  event.returnValue = "";
});

/* ---- buttons ---- */

let leaving = false;
let pressed = null; // for browsers whose submit event does not say which button it was
form.addEventListener("click", (event) => { pressed = event.target.closest("button[type=submit]") || pressed; });
document.addEventListener("click", (event) => {
  const outside = event.target.closest("button[form=import-form]");
  if (outside) pressed = outside;
});

form.addEventListener("submit", (event) => {
  const button = event.submitter || pressed;
  event.preventDefault();
  if (!button || button.disabled) return;
  if (!("native" in button.dataset)) act(button);
  else leaveBy(button);
});

async function act(button) {
  if (button.value === "clear") {
    field.value = "";
    mirror.read();
    count();
  }
  if (button.name === "show") form.elements.page.value = "1";
  if (button.name === "turn") form.elements.page.value = button.value;
  button.disabled = true;
  await save({ name: button.name, value: button.value });
  button.disabled = false;
}

/** Store, read a file, throw away: once the text is saved, the browser goes there; the text itself need not go along. */
async function leaveBy(button) {
  if (form.hasAttribute("data-leaving")) return;
  form.setAttribute("data-leaving", "");
  const saved = !isDirty() || (await save());
  if (!saved) {
    form.removeAttribute("data-leaving");
    return;
  }
  leaving = true;
  if (found().dataset.url) field.disabled = true;
  if (button.name) {
    const value = document.createElement("input");
    Object.assign(value, { type: "hidden", name: button.name, value: button.value });
    form.append(value);
  }
  if (button.hasAttribute("formaction")) form.action = button.formAction;
  form.submit();
}

window.addEventListener("pageshow", () => { field.disabled = false; leaving = false; form.removeAttribute("data-leaving"); });

const upload = document.getElementById("upload");
upload.closest("details").querySelector("summary").addEventListener("click", (event) => { // one press less than the menu
  event.preventDefault();
  upload.click();
});
upload.addEventListener("change", () => {
  const button = document.querySelector("[data-native=file]");
  if (upload.files.length) leaveBy(button);
});

/* ---- from a card to its lines, from problem to problem ---- */

let at = -1;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-lines]");
  if (!link) return;
  event.preventDefault();
  const [first, last] = link.dataset.lines.split("-").map(Number);
  mirror.show(first, last);
});

function next(step) {
  const cards = [...found().querySelectorAll("[data-card][data-work]")];
  if (!cards.length) return;
  at = (at + step + cards.length) % cards.length;
  found().querySelectorAll(".here").forEach((card) => card.classList.remove("here"));
  cards[at].classList.add("here");
  cards[at].scrollIntoView({ block: "nearest" });
  const [first, last] = cards[at].dataset.lines.split("-").map(Number);
  mirror.show(first, last, { focus: false });
  cards[at].focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "F8") return;
  event.preventDefault();
  next(event.shiftKey ? -1 : 1);
});

/* ---- compare inside the card, the example ---- */

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-compare]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const card = link.closest("[data-card]");
  const open = card.querySelector(".compare");
  if (open) {
    open.remove();
    return;
  }
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer || !answer.ok) {
    window.location.assign(link.href);
    return;
  }
  card.append(new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".compare"));
});

document.querySelector("[data-use-sample]").addEventListener("click", () => {
  const sample = document.querySelector("[data-sample]").textContent;
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${sample}` : sample;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

count();
arrived();
if (isDirty()) save();
