/* The start page: can this device sit the test? Three checks, and the start button unlocked by the server's time. */

import { prepareShell } from "./shell.js";
import { sweep, works } from "./store.js";

const RETRY = 5000; // ms between tries while the server cannot be reached
const ASK_AGAIN = 60000; // ms between questions to the server's clock while waiting

const form = document.getElementById("start-form");

function settle(name, good) {
  const row = document.querySelector(`[data-check="${name}"]`);
  const mark = row.querySelector("use");
  row.className = good ? "good" : "bad";
  mark.setAttribute("href", `${mark.dataset.icons}#${good ? "check" : "triangle-alert"}`);
  row.querySelector("span").textContent = good ? row.dataset.good : row.dataset.bad;
}

/* Ask the server how long until the start: {state, ms_to_open}, or null when it cannot be reached. */
async function askClock() {
  const from = performance.now();
  try {
    const response = await fetch(form.dataset.clock, { credentials: "same-origin", redirect: "error", cache: "no-store" });
    if (!response.ok) return null;
    const clock = await response.json();
    return { ...clock, at: performance.now() - Math.min(1000, (performance.now() - from) / 2) };
  } catch {
    return null;
  }
}

function words(ms) {
  const seconds = Math.ceil(ms / 1000);
  const parts = { seconds: seconds % 60, minutes: Math.floor(seconds / 60), hours: Math.floor(seconds / 3600), days: Math.floor(seconds / 86400) };
  const { data } = { data: form.dataset };
  if (parts.days) return fill(data.days, { ...parts, hours: parts.hours % 24 });
  if (parts.hours) return fill(data.hours, { ...parts, minutes: parts.minutes % 60 });
  return fill(parts.minutes ? data.minutes : data.seconds, parts);
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function watchStart() {
  const button = document.getElementById("start");
  const wait = document.getElementById("wait");
  const risk = document.getElementById("risk");
  const accepts = risk.querySelector("input");
  let opensAt = performance.now() + Number(form.dataset.msToOpen);
  let online = null;
  let stored = null;
  let closed = false;
  let asking = false;
  let askedAt = 0;

  async function ask() {
    if (asking) return;
    asking = true;
    askedAt = performance.now();
    const clock = await askClock();
    asking = false;
    online = Boolean(clock);
    settle("network", online);
    settle("clock", online);
    if (clock) {
      opensAt = clock.at + clock.ms_to_open;
      closed = !["early", "open"].includes(clock.state);
    } else window.setTimeout(ask, RETRY);
    draw();
  }

  function draw() {
    const left = opensAt - performance.now();
    const checked = online && (stored || (stored === false && accepts.checked));
    risk.hidden = stored !== false;
    button.disabled = closed || left > 0 || !checked;
    if (closed) wait.textContent = form.dataset.closed;
    else if (left > 0) say(left);
    else wait.textContent = online === null || stored === null ? form.dataset.checking : "";
    if (online && left > 0 && performance.now() - askedAt > ASK_AGAIN) ask();
  }

  function say(left) {
    const [before, after] = fill(form.dataset.wait, { time: "\u0000" }).split("\u0000");
    const bold = document.createElement("b");
    bold.textContent = words(left);
    wait.replaceChildren(before, bold, after);
  }

  accepts.addEventListener("change", draw);
  window.addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") ask(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  window.setInterval(draw, 250);
  ask();
  works().then((good) => {
    stored = good;
    settle("storage", good);
    draw();
  });
}

sweep().catch(() => {});
prepareShell();
if (form) watchStart();
