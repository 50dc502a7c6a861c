/* The queue between the person and the server: device first, then one request with everything unacknowledged,
   for ever, gently. Only an acknowledgement of that sequence takes an answer out of it. */

import { changeOf, eventOf, send, split, stamp } from "./wire.js";

const LARGEST = 200 * 1024; // bytes of one request; the server takes 256 KB
const LAST_WORD = 58 * 1024; // bytes that a browser lets go when the page is closing: 64 KB with its headers
const MOST = 400; // changes of one request; the server takes 500
const TEXT_REST = 0.8; // seconds after the last key
const POLL = 30;
const LONGEST_WAIT = 15;
const DEVICE_PATIENCE = 2000; // ms; a browser whose storage hangs must not keep an answer from the server

const after = (ms) => new Promise((resolve) => { window.setTimeout(resolve, ms); });

/* Make the queue.
   options: store, url, token, acked (highest sequence the server has), generation (of this device), second (ms; tests shorten it)
   hears:   status(name, numbers), answer(data, from, to), recovered(count), ended(kind, data) */
export function makeSaver({ store, url, token, acked, generation, second = 1000 }, hears) {
  const dirty = new Map(); // position → newest entry not yet acknowledged
  const unwritten = new Map(); // … of them, those not yet on the device
  const aside = new Set(); // positions the server did not like; tried again with the next change or by hand
  let events = [];
  let seq = acked;
  let base = acked; // highest sequence known to be at the server
  let most = MOST;
  let writing = null;
  let deviceFails = false;
  let busy = false;
  let stopped = null; // taken_over · sign_in · ended
  let closing = false; // the person hands in
  let failures = 0;
  let trouble = null; // offline · failed
  let missed = 0; // most answers that have waited since the last time all was well
  let cutOff = false; // there was no network since then
  let savedAt = "";
  let timer = 0;
  let due = Infinity;

  function report() {
    const name = stopped || trouble || (aside.size ? "failed" : missed && dirty.size ? "catching_up" : dirty.size ? "saving" : "saved");
    hears.status(name, { waiting: dirty.size, total: missed, done: Math.max(1, missed - dirty.size), savedAt, failures, deviceFails });
  }

  /* ---- device ---- */
  function persist() {
    if (!writing && unwritten.size) writing = write();
    return Promise.race([writing, after(DEVICE_PATIENCE)]);
  }

  async function write() {
    try {
      while (unwritten.size) {
        const batch = [...unwritten.values()];
        unwritten.clear();
        await store.keep(batch);
      }
      deviceFails = false;
    } catch {
      deviceFails = true; // the answers stay in `dirty` and go to the server
    } finally {
      writing = null;
    }
  }

  /* ---- server ---- */
  function talk(seconds) {
    const at = performance.now() + seconds * second;
    if (stopped || at >= due) return;
    due = at;
    window.clearTimeout(timer);
    timer = window.setTimeout(flush, seconds * second);
  }

  async function flush() {
    window.clearTimeout(timer);
    due = Infinity;
    if (busy || stopped) return;
    busy = true;
    await persist();
    if (aside.size === dirty.size) aside.clear();
    const waiting = [...dirty.values()].filter((entry) => !aside.has(entry.position));
    const [part] = split(waiting, LARGEST, most);
    const told = events.slice(0, 50);
    const final = closing && part.length === dirty.size;
    const answer = await send(url, token, bodyOf(part, told, final));
    busy = false;
    take(answer, part, told, final);
  }

  function bodyOf(part, told, final = false) {
    return { changes: part.map(changeOf), events: told.map(eventOf), final };
  }

  function take(answer, part, told, final) {
    const { kind, data } = answer;
    if (kind === "offline" || kind === "busy") return again(kind, answer.wait);
    if (kind === "refused") return dislike(part, data, final);
    failures = 0;
    if ((kind === "saved" || kind === "late") && !acknowledge(part, told, data)) return again("busy", 0);
    if (kind === "taken_over" || kind === "sign_in") stopped = kind;
    if (kind === "handed_in" || data.state === "handed_in" || (kind === "late" && !dirty.size)) return end(kind, data);
    if (final && kind === "saved") closing = false; // not yet allowed: the page shows what the server said
    report();
    if (data.ms_left != null) hears.answer(data, answer.from, answer.to);
    if (stopped) return hears.ended(kind, data);
    return talk(nextTalk());
  }

  function nextTalk() {
    if (dirty.size > aside.size || (closing && !aside.size)) return 0;
    return aside.size ? LONGEST_WAIT : POLL * (0.9 + 0.2 * Math.random());
  }

  /* Let go of what the server has. Returns whether it took anything of what it was given. */
  function acknowledge(part, told, { acked: upTo = 0, saved_at: at }) {
    const stored = part.filter((entry) => entry.seq <= upTo);
    for (const entry of stored) {
      if (dirty.get(entry.position) && dirty.get(entry.position).seq === entry.seq) dirty.delete(entry.position);
      aside.delete(entry.position);
    }
    base = Math.max(base, upTo);
    seq = Math.max(seq, upTo);
    most = MOST;
    events = events.filter((event) => !told.includes(event));
    store.settle(stored).catch(() => {}); // they stay until the paper is handed in: a page shown without network needs them
    store.dropEvents(told).catch(() => {});
    savedAt = at || savedAt;
    trouble = null;
    if (dirty.size) return stored.length > 0 || !part.length;
    if (cutOff) hears.recovered(missed);
    cutOff = false;
    missed = 0;
    return true;
  }

  function again(kind, wait) {
    failures += 1;
    trouble = kind === "offline" ? "offline" : "failed";
    cutOff = cutOff || kind === "offline";
    missed = Math.max(missed, dirty.size);
    report();
    const backoff = Math.min(LONGEST_WAIT, 2 ** (failures - 1)) * (0.75 + 0.5 * Math.random());
    talk(Math.max(backoff, Math.min(wait, 60)));
  }

  /* A body that the server does not take: halve it until the one change at fault stands alone, then go on without it. */
  function dislike(part, data, final) {
    failures += 1;
    trouble = null;
    if (part.length > 1) most = Math.ceil(part.length / 2);
    else if (part.length) aside.add(part[0].position);
    if (final) closing = false;
    report();
    if (final) hears.ended("refused", data);
    talk(part.length ? 1 : LONGEST_WAIT);
  }

  function end(kind, data) {
    stopped = "ended";
    window.clearTimeout(timer);
    const wiped = store.wipe().catch(() => {});
    Promise.race([wiped, after(DEVICE_PATIENCE)]).then(() => hears.ended(kind === "saved" ? "handed_in" : kind, data));
  }

  function enqueue(entry) {
    dirty.set(entry.position, entry);
    unwritten.set(entry.position, entry);
    aside.delete(entry.position);
    if (trouble) missed = Math.max(missed, dirty.size);
  }

  return {
    /* Keep one answer: on the device at once, at the server right after (`typing`: when the keys rest). */
    change(position, answer, flag, { typing = false } = {}) {
      seq += 1;
      if (deviceFails) for (const entry of dirty.values()) unwritten.set(entry.position, entry);
      enqueue({ position, seq, base, answer, flag, generation, made: stamp() });
      report();
      const written = persist();
      if (!trouble) written.then(() => talk(typing ? TEXT_REST : 0));
      return written;
    },

    /* Take up what an earlier page left on this device. `entries` carry their old sequence; the server has the acknowledged ones. */
    resume(entries, left) {
      seq = Math.max(seq, ...entries.map((entry) => entry.seq));
      base = Math.max(base, ...entries.filter((entry) => entry.acked).map((entry) => entry.seq));
      entries.filter((entry) => !entry.acked).forEach(enqueue);
      events = left;
    },

    event(kind, seconds) {
      const event = { id: `${Date.now()}-${Math.random()}`, kind, seconds, made: stamp() };
      events.push(event);
      store.keepEvent(event).catch(() => {});
    },

    /* Talk to the server now: what waits, or just the time. */
    now() {
      aside.clear();
      failures = 0;
      due = Infinity;
      flush();
    },

    /* The browser says that the network is gone. */
    lost() {
      if (stopped) return;
      trouble = "offline";
      cutOff = true;
      missed = Math.max(missed, dirty.size);
      report();
    },

    /* The page is going away: send what waits in requests that outlive it. Not acknowledged means still on the device. */
    lastWord() {
      if (stopped || !(dirty.size || events.length)) return;
      persist();
      const told = events.slice(0, 50);
      split([...dirty.values()], LAST_WORD, MOST).forEach(async (part, place) => {
        const answer = await send(url, token, bodyOf(part, place ? [] : told), { keepalive: true });
        if (answer.kind === "saved" && !stopped) {
          acknowledge(part, place ? [] : told, answer.data);
          report();
        }
      });
    },

    /* Hand in with everything that waits, and go on until the server has it. */
    handIn() {
      closing = true;
      this.now();
    },

    renew(newToken) {
      token = newToken;
      stopped = null;
      this.now();
    },

    report,
    get waiting() { return dirty.size; },
    get handingIn() { return closing; },
  };
}
