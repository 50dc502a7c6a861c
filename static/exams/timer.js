/* The time left, as the server told it. Counts with performance.now(), so the device's date does not matter. */

import { announce, preference, say, sayBold } from "./page.js";

const MINUTE = 60;
const SLEPT = 3000; // ms between two ticks of a visible page that mean the device slept or its clock was moved

/* Start the clock. hears: zero() when the time is over, lastFive(on) at five minutes, slept() when the server should be asked. */
export function startTimer({ msLeft, told }, hears) {
  const faces = [...document.querySelectorAll("[data-timer]")];
  let deadline = told + msLeft;
  let left = msLeft;
  let paused = false;
  let hidden = preference("hide-time") === "yes";
  let lastFive = false;
  let over = false;
  let shown = "";
  let minutesBefore = 0; // at the tick before, to notice when a bound is crossed
  let wall = Date.now();

  function tick() {
    const gap = Math.abs(Date.now() - wall);
    wall = Date.now();
    if (gap > SLEPT && document.visibilityState === "visible") hears.slept();
    if (!paused) left = Math.max(0, deadline - performance.now());
    const seconds = Math.ceil(left / 1000);
    notice(seconds / MINUTE);
    render(seconds);
    if (left <= 0 && !paused && !over) {
      over = true;
      hears.zero();
    }
  }

  function notice(minutes) {
    for (const bound of [10, 5, 1]) {
      if (minutes <= bound && minutesBefore > bound) announce(say("minutes_left", { minutes: bound }), bound === 1);
    }
    minutesBefore = minutes;
    if ((minutes <= 5) === lastFive) return;
    lastFive = !lastFive; // back again when extra time is given
    if (lastFive) hidden = false;
    hears.lastFive(lastFive);
  }

  function digits(seconds) {
    if (!lastFive) return say("minutes", { minutes: Math.floor(seconds / MINUTE) });
    return `${Math.floor(seconds / MINUTE)}:${String(seconds % MINUTE).padStart(2, "0")}`;
  }

  function render(seconds) {
    const now = digits(seconds);
    const state = [now, hidden, paused, seconds <= MINUTE].join();
    if (state === shown) return;
    shown = state;
    for (const face of faces) draw(face, now, seconds <= MINUTE);
  }

  function draw(face, now, lastMinute) {
    face.classList.toggle("last", lastFive && !paused);
    face.classList.toggle("final", lastMinute && !paused);
    const line = face.querySelector("[data-time]");
    const bare = line.dataset.time === "bare"; // its label stands beside it
    const toggle = face.querySelector("[data-toggle]");
    const word = face.querySelector("[data-word]");
    toggle.setAttribute("aria-pressed", String(hidden));
    if (word) word.textContent = say(hidden ? "show" : "hide");
    if (paused) sayBold(line, "paused", "time", now);
    else if (hidden) line.textContent = say(bare ? "hidden" : "show_time");
    else if (bare) line.textContent = now;
    else sayBold(line, "left", "time", now);
  }

  for (const face of faces) {
    face.querySelector("[data-toggle]").addEventListener("click", () => {
      hidden = !hidden;
      preference("hide-time", hidden ? "yes" : "no");
      tick();
    });
  }
  window.setInterval(tick, 250);
  tick();

  return {
    /* What the server said; true in the middle of the round trip, taken at most a second back. */
    sync(ms, from, to, isPaused = false) {
      paused = isPaused;
      left = ms;
      deadline = to - Math.min(1000, (to - from) / 2) + ms;
      if (ms > 0) over = false;
      tick();
    },
    get left() { return left; },
    spoken() {
      const seconds = Math.ceil(left / 1000);
      const values = { minutes: Math.floor(seconds / MINUTE), seconds: seconds % MINUTE };
      return say(lastFive ? "seconds_left" : "minutes_left", values);
    },
  };
}

/* performance.now() when this page's first byte came: the moment for which its data-ms-left was true. */
export function pageTold() {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation && navigation.responseStart ? navigation.responseStart : performance.now();
}
