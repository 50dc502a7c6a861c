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

/* Send one attempt's answers. Returns what came of it: late (taken as evidence), done (no more wanted), kept, or cut off. */
async function deliver({ store, url, token, answers, events }) {
  let outcome = "done";
  for (const part of split(answers, 200 * 1024, 400)) {
    const { kind, data } = await send(url, token, { changes: part.map(changeOf), events: events.map(eventOf), final: false });
    if (kind === "offline" || kind === "busy") return "cut off";
    if (kind === "sign_in" || kind === "refused" || kind === "taken_over") return "kept"; // the exam page will ask
    if (kind === "handed_in") return store.wipe().then(() => "done");
    await store.drop(part.filter((entry) => entry.seq <= (data.acked || 0)));
    await store.dropEvents(events);
    if (kind === "late") outcome = "late";
  }
  if (outcome === "late") await store.wipe();
  return outcome;
}

async function run(person, failures = 0) {
  const found = await leftovers(person);
  if (!found.length) return;
  const outcomes = [];
  tell("sending");
  for (const one of found) outcomes.push(await deliver(one));
  if (outcomes.includes("cut off")) {
    tell("waiting");
    window.setTimeout(run, Math.min(LONGEST_WAIT, 2 ** failures) * 1000, person, failures + 1);
  } else if (outcomes.includes("late")) tell("sent");
  else if (note) note.hidden = true;
}

const owner = document.querySelector("[data-person]");
if (owner && owner.dataset.person) run(owner.dataset.person).catch(() => {});
