/* The exam page: brings its parts together. Each part knows its own work and tells the others through here.
   answer → answers.js → saver.js (store.js: the device; wire.js: one request) → notes.js (what is said of it);
   timer.js: time left; modes.js: what the person may do; pager.js, sheet.js, check.js, keys.js: moving about. */

import { makeAnswers } from "./answers.js";
import { makeCheck } from "./check.js";
import { listenToKeys } from "./keys.js";
import { makeModal } from "./modal.js";
import { makeModes } from "./modes.js";
import { makeChip, makeNotes } from "./notes.js";
import { announce, preference, say } from "./page.js";
import { makePager } from "./pager.js";
import { readPaper } from "./paper.js";
import { makeSaver } from "./saver.js";
import { makeSheet } from "./sheet.js";
import { forgetShell, keepShell } from "./shell.js";
import { makeSignIn } from "./sign_in.js";
import { openStore, sweep } from "./store.js";
import { switchTextSize } from "./text_size.js";
import { pageTold, startTimer } from "./timer.js";

const data = document.body.dataset;
const by = (id) => document.getElementById(id);
const root = document.documentElement;
const form = by("paper");
const address = `/attempts/${data.attempt}`;
const generation = Number(data.generation) || 0;
const page = { data, by, paper: readPaper(form), store: openStore(data.person, data.attempt), notes: makeNotes(by("notes")), view, showQuestion };
const { paper, store, notes } = page;
const modes = makeModes(page);
const windowKey = `window.${data.person}.${data.attempt}`;
const windowId = String(Math.random());
let leftCount = Number(data.left) || 0;
let leftAt = 0;

/* ---- the parts ---- */
page.saver = makeSaver({ store, url: data.save, token: data.token, acked: Number(data.acked), generation, second: Number(data.second) || 1000 }, {
  status: onStatus, recovered: onRecovered, answer: onAnswer, ended: onEnded,
});
const { saver } = page;
const chip = makeChip(by("save"), () => saver.now());
page.answers = makeAnswers({ paper, form, store, saver, generation }, { changed: refresh });
const check = makeCheck(paper.items, by("check"), { address, submit: by("hand-in"), back: by("back") }, { go: showQuestion, handIn: modes.handIn });
const sheet = makeSheet(paper, { list: by("sheet-list"), count: by("sheet-count"), badge: by("badge") }, { picked: showQuestion });
const sheetLayer = makeModal(by("sheet"));
const keysLayer = makeModal(by("keys"));
page.pager = makePager(paper, { address, title: data.title, next: by("next"), previous: by("previous") }, {
  moved(item) {
    sheet.update(item);
    store.remember({ at: item.position }).catch(() => {});
  },
});
const { pager } = page;
page.signIn = makeSignIn(by("sign-in"), { url: data.signIn, address, person: data.person }, {
  back({ dataset }) {
    if (dataset.state !== "in_progress") return window.location.reload();
    store.remember({ token: dataset.token }).catch(() => {});
    return saver.renew(dataset.token);
  },
});
const timer = startTimer({ msLeft: Number(data.msLeft), told: pageTold() }, {
  zero: () => window.setTimeout(modes.timeIsUp), lastFive: (on) => window.setTimeout(onLastFive, 0, on), slept: () => window.setTimeout(saver.now),
});

/* ---- what the queue and the clock say ---- */
function onStatus(name, numbers) {
  chip(name, numbers);
  refreshCheck();
  modes.saving();
  const note = (key, on, show) => (on && !modes.closing ? notes.show(key, show) : notes.hide(key));
  const again = numbers.failures > 1;
  if (numbers.deviceFails) notes.show("device", { mark: "triangle-alert", tone: "warn", strong: say("device_fails_strong"), text: say("device_fails") });
  note("offline", name === "offline" && (again || !navigator.onLine), { mark: "cloud-off", tone: "warn", strong: say("offline_strong"), text: say("offline_text") });
  note("failed", name === "failed" && again, { mark: "triangle-alert", tone: "warn", text: say("server_cannot_save") });
}

function onRecovered(count) {
  const text = count ? say("back_online_n", { count }) : say("back_online");
  notes.show("back", { mark: "cloud-check", tone: "ok", text, seconds: 6 });
  announce(text);
}

function onAnswer(answer, from, to) {
  if (answer.due) {
    data.due = answer.due;
    by("due-line").textContent = say("due_line", { time: answer.due });
  }
  timer.sync(answer.ms_left, from, to, answer.state === "paused");
  modes.heard(answer);
  refreshCheck();
}

function onEnded(kind, answer) {
  if (kind === "handed_in" || kind === "late") forgetShell();
  return modes.ended(kind, answer);
}

function onLastFive(on) {
  if (on) notes.show("last5", { mark: "clock", tone: "warn", strong: say("last_five_strong"), text: say("last_five", { time: data.due }), closes: true });
  else notes.hide("last5");
}

/* ---- the views: question, check, over ---- */
function view(name) {
  form.hidden = name !== "question";
  by("nav-question").hidden = name !== "question";
  by("nav-check").hidden = name !== "check";
  by("over").hidden = name !== "over";
  if (name !== "check") check.close();
  if (sheetLayer.isOpen) sheetLayer.close({ restore: false });
}

function showQuestion(position) {
  if (modes.closing) return;
  view("question");
  pager.show(position);
}

function openCheck() {
  if (modes.closing) return;
  view("check");
  check.open(saver.waiting, earliest());
}

function openSheet() {
  const cell = sheet.cellOf(pager.current);
  if (!by("open-sheet").offsetParent) return cell.focus();
  sheetLayer.open(cell);
  const pane = cell.closest(".sheet-body");
  const below = cell.getBoundingClientRect().bottom - pane.getBoundingClientRect().bottom;
  if (below > 0) pane.scrollTop += below + pane.clientHeight / 2;
  return undefined;
}

function refresh() {
  by("progress").setAttribute("width", sheet.update(pager.current));
  refreshCheck();
}

function refreshCheck() {
  check.update(saver.waiting, modes.now === "taken_over" ? say("chip_taken_over") : earliest());
}

/* The words of the hand-in button while it is too early, or "". */
function earliest() {
  const opens = Number(data.earliestMs) || 0; // handing in opens when so much time is left
  return opens && timer.left > opens ? say("hand_in_from", { time: data.earliest }) : "";
}

/* ---- what the person does ---- */
form.addEventListener("submit", (event) => { if (root.classList.contains("ready")) event.preventDefault(); });
by("next").addEventListener("click", () => (pager.atEnd ? openCheck() : pager.step(1)));
by("previous").addEventListener("click", () => pager.step(-1));
by("open-sheet").addEventListener("click", openSheet);
by("to-check").addEventListener("click", openCheck);
for (const id of ["close-sheet", "go-on"]) by(id).addEventListener("click", () => sheetLayer.close());
by("open-keys").addEventListener("click", () => keysLayer.open());
by("close-keys").addEventListener("click", () => keysLayer.close());
switchTextSize(document.querySelectorAll(".text-switch"));
listenToKeys(by("keys-on"), {
  active: () => !form.hidden && !document.querySelector(".layer.open"),
  choose: (place) => modes.now === "working" && pager.current.choose(place),
  step: (by_) => pager.step(by_),
  flag: () => modes.now === "working" && pager.current.flag.click(),
  sheet: openSheet,
  time: () => announce(timer.spoken()),
  help: () => keysLayer.open(),
});

/* ---- coming and going ---- */
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    leftAt = performance.now();
    return saver.lastWord();
  }
  if (leftAt) cameBack(Math.round((performance.now() - leftAt) / 1000));
  return saver.now();
});
window.addEventListener("pagehide", () => saver.lastWord());
window.addEventListener("pageshow", (event) => { if (event.persisted) saver.now(); });
window.addEventListener("online", () => saver.now());
window.addEventListener("offline", () => saver.lost());
window.addEventListener("storage", ({ key, newValue }) => { if (key === `zhize.${windowKey}` && newValue !== windowId) modes.otherWindow(); });

function cameBack(seconds) {
  leftAt = 0;
  if (!("watch" in data) || modes.now !== "working" || seconds < 1) return;
  leftCount += 1;
  saver.event("left_page", seconds);
  notes.show("left", { mark: "info", tone: "info", text: say("left_page", { count: leftCount }), closes: true });
}

async function start() {
  sweep().catch(() => {});
  preference(windowKey, windowId); // older windows of this paper see it and stop
  const late = root.classList.contains("plain"); // the person may have answered before this script came
  const typed = late ? paper.items.map(({ answer, flagged }) => ({ answer, flagged })) : [];
  const note = await page.answers.restore(JSON.parse(by("saved").textContent), typed);
  await store.remember({ url: data.save, token: data.token }).catch(() => {});
  const asked = new URLSearchParams(window.location.search);
  root.classList.remove("plain");
  root.classList.add("js", "ready");
  view("question");
  pager.show(Number(asked.get("q")) || note.at || 1, { focus: false });
  refresh();
  saver.report();
  if (asked.get("view") === "check") openCheck();
  if (data.state === "paused") modes.pause();
  if (note.handing) modes.handIn();
  else saver.now();
  keepShell(Number(data.second) || 1000).catch(() => {});
}

start();
