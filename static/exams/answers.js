/* Answers between the fields, the queue and the device: records what the person does, restores what an earlier page left. */

const DEVICE_PATIENCE = 3000; // ms; a browser whose storage hangs must not keep the paper shut

/* hears: changed() after each recorded change. */
export function makeAnswers({ paper, form, store, saver, generation }, hears) {
  const recorded = new Map(); // item → its answer and flag as last put in the queue
  const stateOf = (item) => JSON.stringify([item.answer, item.flagged]);

  function record(item, typing = false) {
    const state = stateOf(item);
    if (recorded.get(item) === state) return;
    recorded.set(item, state);
    saver.change(item.position, item.answer, item.flagged, { typing });
    hears.changed();
  }

  function itemOf(field) {
    const element = field.closest(".q");
    return paper.items.find((item) => item.element === element);
  }

  form.addEventListener("input", (event) => { if (!event.isComposing) record(itemOf(event.target), event.target.type === "text"); });
  form.addEventListener("compositionend", (event) => record(itemOf(event.target), true));
  form.addEventListener("change", (event) => record(itemOf(event.target)));

  /* Does an answer of this device stand against what the server holds? Not when it is older, nor when another device was used
     in between (two generations on) and answered the same question after this one had last heard of the server. */
  function stands(entry, saved) {
    if (!saved) return true;
    if (generation - entry.generation > 1 && saved.seq > entry.base) return false;
    return entry.seq > saved.seq;
  }

  function fill(item, { answer, flag }) {
    item.answer = answer;
    item.flagged = flag;
    recorded.set(item, stateOf(item));
  }

  /* Put the server's answers into the fields, over them what only this device has, and over both what was `typed` before
     the scripts came. Resolves with what the device remembers of this attempt. */
  async function restore(saved, typed) {
    const [held, events, note] = await onDevice();
    const own = new Map();
    for (const entry of held) if (stands(entry, saved[entry.position])) own.set(entry.position, entry);
    store.drop(held.filter((entry) => !own.has(entry.position))).catch(() => {});
    for (const item of paper.items) fill(item, own.get(item.position) || saved[item.position] || { answer: [], flag: false });
    saver.resume([...own.values()], events);
    typed.forEach(({ answer, flagged }, place) => {
      const item = paper.items[place];
      if (answer.length) item.answer = answer;
      if (flagged) item.flagged = true;
      record(item);
    });
    return note || {};
  }

  function onDevice() {
    const nothing = [[], [], {}];
    const read = Promise.all([store.answers(), store.events(), store.recall()]).catch(() => nothing);
    return Promise.race([read, new Promise((resolve) => { window.setTimeout(resolve, DEVICE_PATIENCE, nothing); })]);
  }

  return { restore, recordAll: () => paper.items.forEach((item) => record(item)) };
}
