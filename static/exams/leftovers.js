/* Sends what an attempt left sealed on this device (time was up without network, the browser was closed), on the pages
   where its owner comes by: the start and the receipt. Only the person's own; wiped when the server has it. */

import { leftovers } from "./store.js";
import { changeOf, eventOf, send, split } from "./wire.js";

const LONGEST_WAIT = 15; // seconds
const note = document.getElementById("leftovers");

function tell(word) {
  if (!note) return;
  note.hidden = false;
  note.querySelector("p").textContent = note.dataset[word];
}

/* Send one attempt's answers; true when the server has taken them all, or wants no more of them. */
async function deliver({ store, url, token, answers, events }) {
  for (const part of split(answers, 200 * 1024, 400)) {
    const { kind, data } = await send(url, token, { changes: part.map(changeOf), events: events.map(eventOf), final: false });
    if (kind === "offline" || kind === "busy") return false;
    if (kind === "sign_in" || kind === "refused" || kind === "taken_over") return null; // kept; the exam page will ask
    if (kind !== "handed_in") await store.drop(part.filter((entry) => entry.seq <= (data.acked || 0)));
    events.length = 0;
    if (kind === "saved") continue; // still running: the exam page goes on with it
    if (kind === "handed_in" || !(await store.answers()).length) await store.wipe();
  }
  return true;
}

async function run(person, failures = 0) {
  const found = await leftovers(person);
  if (!found.length) return;
  tell("sending");
  const outcomes = [];
  for (const one of found) outcomes.push(await deliver(one));
  if (!outcomes.includes(false)) {
    if (outcomes.includes(true)) tell("sent");
    return;
  }
  tell("waiting");
  window.setTimeout(run, Math.min(LONGEST_WAIT, 2 ** failures) * 1000, person, failures + 1);
}

const owner = document.querySelector("[data-person]");
if (owner && owner.dataset.person) run(owner.dataset.person).catch(() => {});
