/* The exam page: brings the parts together and decides what the person may do now.
   mode: working · paused · over (time is up) · handing (hands in) · taken_over · gone */

import { makeCheck } from "./check.js";
import { listenToKeys } from "./keys.js";
import { makeModal } from "./modal.js";
import { makeChip, makeNotes } from "./notes.js";
import { announce, say } from "./page.js";
import { makePager } from "./pager.js";
import { readPaper } from "./paper.js";
import { makeSaver } from "./saver.js";
import { makeSheet } from "./sheet.js";
import { makeSignIn } from "./sign_in.js";
import { openStore, sweep } from "./store.js";
import { switchTextSize } from "./text_size.js";
import { pageTold, startTimer } from "./timer.js";

const data = document.body.dataset;
const by = (id) => document.getElementById(id);
const address = `/attempts/${data.attempt}`;
const form = by("paper");
const paper = readPaper(form);
const store = openStore(data.person, data.attempt);
const notes = makeNotes(by("notes"));
const recorded = new Map(); // item → its answer and flag as last put in the queue
let mode = "working";
let leftCount = Number(data.left) || 0;

/* ---- the queue and what it hears ---- */
const saver = makeSaver({
  store, url: data.save, token: data.token, acked: Number(data.acked), generation: Number(data.generation) || 0, second: Number(data.second) || 1000,
}, { status: onStatus, answer: onAnswer, recovered: onRecovered, ended: onEnded });
const chip = makeChip(by("save"), () => saver.now());

function onStatus(name, numbers) {
  chip(name, numbers);
  refreshCheck();
  if (numbers.deviceFails) notes.show("device", { mark: "triangle-alert", tone: "warn", strong: say("device_fails_strong"), text: say("device_fails") });
  if (mode === "over" || mode === "handing") return panel();
  const cut = name === "offline" && (numbers.failures > 1 || !navigator.onLine);
  const failing = name === "failed" && numbers.failures > 1;
  if (cut) notes.show("offline", { mark: "cloud-off", tone: "warn", strong: say("offline_strong"), text: say("offline_text") });
  else if (name !== "offline") notes.hide("offline");
  if (failing) notes.show("failed", { mark: "triangle-alert", tone: "warn", text: say("server_cannot_save") });
  else if (name !== "failed") notes.hide("failed");
  return undefined;
}

function onRecovered(count) {
  const text = count ? say("back_online_n", { count }) : say("back_online");
  notes.show("back", { mark: "cloud-check", tone: "ok", text, seconds: 6 });
  announce(text);
}

function onAnswer(answer, from, to) {
  timer.sync(answer.ms_left, from, to, answer.state === "paused");
  if (answer.due) showDue(answer.due);
  if (answer.notice && answer.notice !== data.notice) tell(answer.notice);
  if (mode === "handing" && !saver.handingIn) return work(answer.notice ? "" : say("not_yet"));
  if (mode === "over" && answer.ms_left > 0) return work();
  if (mode === "over" && !saver.handingIn) return saver.handIn();
  if (mode === "working" && answer.state === "paused") return pause();
  if (mode === "paused" && answer.state !== "paused") return work();
  return undefined;
}

function tell(text) {
  data.notice = text;
  notes.show("notice", { mark: "info", tone: "info", text, closes: true });
  announce(text);
}

function onEnded(kind, answer) {
  if (kind === "sign_in") return signIn.ask();
  if (kind === "taken_over") return takenOver();
  if (kind === "refused") return work(answer.message || say("not_yet"));
  const receipt = answer.receipt_url || data.receipt;
  const timeUp = mode === "over";
  mode = "gone";
  lock(true);
  if (kind === "late") return showPanel("late", say("late"), receipt);
  showPanel("done", say(timeUp ? "time_up" : "handed_in"), receipt);
  return window.location.replace(receipt);
}

/* ---- what the person may do ---- */
function lock(locked) {
  for (const item of paper.items) item.lock(locked);
}

function work(message = "") {
  mode = "working";
  store.remember({ handing: false }).catch(() => {});
  lock(false);
  by("over").hidden = true;
  notes.hide("paused");
  if (message) tell(message);
  if (check.isOpen) refreshCheck();
  else pager.show(pager.current.position);
}

function pause() {
  mode = "paused";
  lock(true);
  notes.show("paused", { mark: "clock", tone: "info", text: say("paused_text") });
}

function takenOver() {
  mode = "taken_over";
  lock(true);
  const act = by("take-over");
  act.hidden = false;
  notes.show("taken_over", { mark: "triangle-alert", tone: "warn", strong: say("chip_taken_over"), text: say("taken_over"), action: act });
}

function timeIsUp() {
  paper.items.forEach((item) => record(item));
  if (mode !== "handing") mode = "over";
  lock(true);
  panel();
  saver.now();
}

function handIn() {
  mode = "handing";
  lock(true);
  store.remember({ handing: true }).catch(() => {});
  panel();
  saver.handIn();
}

/* Time is up, or the person hands in: the panel in place of the question, in words that fit the network. */
function panel() {
  const state = by("save").dataset.state;
  const cut = state === "offline" || state === "failed";
  if (mode === "over") showPanel("wait", say(cut ? "sealed" : "time_up_sending", { until: data.lateUntil }));
  else showPanel("wait", say(cut ? "handing_in_offline" : "handing_in"));
}

function showPanel(kind, text, link = "") {
  const over = by("over");
  if (over.dataset.text !== text) announce(text, true);
  Object.assign(over.dataset, { kind, text });
  over.hidden = false;
  over.querySelector("p").textContent = text;
  over.querySelector("a").hidden = !link;
  over.querySelector("a").href = link;
  check.close();
  view("over");
}

/* ---- answers ---- */
function record(item, typing = false) {
  const answer = item.answer;
  const now = JSON.stringify([answer, item.flagged]);
  if (recorded.get(item) === now) return;
  recorded.set(item, now);
  saver.change(item.position, answer, item.flagged, { typing });
  refresh();
}

function itemOf(field) {
  const element = field.closest(".q");
  return paper.items.find((item) => item.element === element);
}

form.addEventListener("input", (event) => { if (!event.isComposing) record(itemOf(event.target), event.target.type === "text"); });
form.addEventListener("compositionend", (event) => record(itemOf(event.target), true));
form.addEventListener("change", (event) => record(itemOf(event.target)));
form.addEventListener("submit", (event) => { if (document.documentElement.classList.contains("ready")) event.preventDefault(); });

function refresh() {
  const answered = sheet.update(pager.current);
  by("progress").setAttribute("width", answered);
  refreshCheck();
}

function refreshCheck() {
  check.update(saver.waiting, earliest());
}

/* The words of the hand-in button while it is too early, or "". */
function earliest() {
  const opens = Number(data.earliestMs) || 0; // hand-in opens when this much time is left or less
  return opens && timer.left > opens ? say("hand_in_from", { time: data.earliest }) : "";
}

/* ---- the views: question, check, over ---- */
function view(name) {
  form.hidden = name !== "question";
  by("nav-question").hidden = name !== "question";
  by("nav-check").hidden = name !== "check";
  if (name !== "over") by("over").hidden = true;
}

function go(position) {
  if (sheetLayer.isOpen) sheetLayer.close({ restore: false });
  if (mode === "over" || mode === "handing" || mode === "gone") return;
  check.close();
  view("question");
  pager.show(position);
}

function openCheck() {
  if (sheetLayer.isOpen) sheetLayer.close({ restore: false });
  if (mode !== "working" && mode !== "paused") return;
  view("check");
  check.open(saver.waiting, earliest());
}

function showDue(due) {
  data.due = due;
  for (const place of document.querySelectorAll("[data-due-line]")) place.textContent = say("due_line", { time: due });
}

function lastFive(on) {
  if (on) notes.show("last5", { mark: "clock", tone: "warn", strong: say("last_five_strong"), text: say("last_five", { time: data.due }), closes: true });
  else notes.hide("last5");
}

const pager = makePager(paper, { address, title: data.title, next: by("next"), previous: by("previous") }, {
  moved(item) {
    sheet.update(item);
    store.remember({ at: item.position }).catch(() => {});
  },
});
const sheet = makeSheet(paper, { list: by("sheet-list"), count: by("sheet-count"), badge: by("badge") }, { picked: go });
const check = makeCheck(paper.items, by("check"), { address, submit: by("hand-in"), back: by("back") }, { go, handIn });
const sheetLayer = makeModal(by("sheet"));
const keysLayer = makeModal(by("keys"));
const signIn = makeSignIn(by("sign-in"), { url: data.signIn, address, person: data.person }, {
  back(fresh) {
    if (fresh.dataset.state !== "in_progress") return window.location.reload();
    return saver.renew(fresh.dataset.token);
  },
});
const timer = startTimer({ msLeft: Number(data.msLeft), told: pageTold() }, {
  zero: () => window.setTimeout(timeIsUp, 0), lastFive: (on) => window.setTimeout(lastFive, 0, on), slept: () => saver.now(),
});

function openSheet() {
  const cell = sheet.cellOf(pager.current);
  if (by("open-sheet").offsetParent) sheetLayer.open(cell);
  else cell.focus();
}

by("next").addEventListener("click", () => (pager.atEnd ? openCheck() : pager.step(1)));
by("previous").addEventListener("click", () => pager.step(-1));
by("open-sheet").addEventListener("click", openSheet);
for (const id of ["close-sheet", "go-on"]) by(id).addEventListener("click", () => sheetLayer.close());
by("to-check").addEventListener("click", openCheck);
for (const id of ["open-keys", "close-keys"]) by(id).addEventListener("click", () => (keysLayer.isOpen ? keysLayer.close() : keysLayer.open()));

switchTextSize(document.querySelectorAll(".text-switch"));
listenToKeys(by("keys-on"), {
  active: () => !sheetLayer.isOpen && !keysLayer.isOpen && !form.hidden,
  choose: (place) => mode === "working" && pager.current.choose(place),
  step: (by_) => pager.step(by_),
  flag: () => mode === "working" && pager.current.flag.click(),
  sheet: openSheet,
  time: () => announce(timer.spoken()),
  help: () => keysLayer.open(),
});

/* ---- coming and going ---- */
let leftAt = 0;
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    leftAt = performance.now();
    saver.lastWord();
  } else {
    if (leftAt) cameBack(Math.round((performance.now() - leftAt) / 1000));
    saver.now();
  }
});
window.addEventListener("pagehide", () => saver.lastWord());
window.addEventListener("pageshow", (event) => { if (event.persisted) saver.now(); });
window.addEventListener("online", () => saver.now());
window.addEventListener("offline", () => saver.lost());

function cameBack(seconds) {
  leftAt = 0;
  if (!("watch" in data) || mode !== "working" || seconds < 1) return;
  leftCount += 1;
  saver.event("left_page", seconds);
  notes.show("left", { mark: "info", tone: "info", text: say("left_page", { count: leftCount }), closes: true });
}

/* ---- start: the server's answers, then what this device has beyond them ---- */
function newerThan(saved, entry) {
  if (!saved) return true;
  if ((saved.generation || 0) > entry.generation) return false; // another device answered after this one was left
  return (saved.generation || 0) < entry.generation || entry.seq > saved.seq;
}

async function restore() {
  const plain = document.documentElement.classList.contains("plain"); // typed before this script came
  const typed = plain ? paper.items.map((item) => [item.answer, item.flagged]) : [];
  const saved = JSON.parse(by("saved").textContent);
  const [held, left, note] = await onDevice();
  const newer = held.filter((entry) => newerThan(saved[entry.position], entry));
  store.drop(held.filter((entry) => !newer.includes(entry))).catch(() => {});
  for (const item of paper.items) fill(item, saved[item.position], newer.find((entry) => entry.position === item.position));
  saver.resume(newer, left);
  typed.forEach(([answer, flagged], place) => {
    const item = paper.items[place];
    if (answer.length) item.answer = answer;
    if (flagged) item.flagged = true;
    record(item);
  });
  return note || {};
}

function fill(item, saved, newer) {
  const { answer, flag } = newer || saved || { answer: [], flag: false };
  item.answer = answer;
  item.flagged = flag;
  recorded.set(item, JSON.stringify([item.answer, item.flagged]));
}

function onDevice() {
  const nothing = [[], [], {}];
  const read = Promise.all([store.answers(), store.events(), store.recall()]).catch(() => nothing);
  return Promise.race([read, new Promise((resolve) => { window.setTimeout(resolve, 3000, nothing); })]);
}

async function start() {
  sweep().catch(() => {});
  const note = await restore();
  await store.remember({ url: data.save, token: data.token }).catch(() => {});
  const asked = new URLSearchParams(window.location.search);
  document.documentElement.classList.remove("plain");
  document.documentElement.classList.add("js", "ready");
  view("question");
  pager.show(Number(asked.get("q")) || note.at || 1, { focus: false });
  refresh();
  saver.report();
  if (asked.get("view") === "check") openCheck();
  if (data.state === "paused") pause();
  if (note.handing) handIn();
  else saver.now();
}

start();
