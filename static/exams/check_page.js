/* The server's check page knows only what it has; with scripts the exam page knows what waits on this device too, so go there. */

import { openStore } from "./store.js";

const { person, attempt } = document.querySelector("[data-attempt]").dataset;

async function run() {
  if (new URLSearchParams(window.location.search).has("plain")) return; // came from a page whose scripts had failed
  if (await openStore(person, attempt).recall()) window.location.replace(`/attempts/${attempt}?view=check`);
}

run().catch(() => {});
