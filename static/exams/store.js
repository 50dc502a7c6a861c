/* The device's own copy of an attempt that runs: answers, events and where the person was, in IndexedDB.
   Every entry is keyed by person and attempt, so that the next person on this browser neither sees nor sends it.
   Written here and not with a key-value library, because a write must be durable ("strict") and a delete must
   compare the sequence in the same transaction. */

const NAME = "zhize-exam";
const KEPT_DAYS = 7;
const STRICT = { durability: "strict" };

let opening = null;

function database() {
  opening = opening || new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const name of ["answers", "events", "attempts"]) request.result.createObjectStore(name);
    };
    request.onsuccess = () => {
      request.result.onclose = request.result.onversionchange = () => { request.result.close(); opening = null; };
      resolve(request.result);
    };
    request.onerror = request.onblocked = () => reject(request.error || new Error("blocked"));
  });
  opening.catch(() => { opening = null; });
  return opening;
}

/* Run `work(stores)` in one transaction; resolves with what it returned (a request's result if it is a request). */
async function transact(mode, names, work, options) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(names, mode, options);
    const result = work(...names.map((name) => transaction.objectStore(name)));
    transaction.oncomplete = () => resolve(result && "result" in result ? result.result : result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error || new Error("aborted"));
  });
}

const under = (...key) => IDBKeyRange.bound(key, [...key, []]);

function whenHeld(answers, key, seq, act) {
  const held = answers.get(key);
  held.onsuccess = () => { if (held.result && held.result.seq <= seq) act(key); };
}

/* The store of one person's one attempt. */
export function openStore(person, attempt) {
  const own = [person, attempt];
  return {
    /* Write answers durably; one that is older than what is there stays out. */
    keep: (entries) => transact("readwrite", ["answers"], (answers) => {
      for (const entry of entries) {
        const key = [...own, entry.position];
        const held = answers.get(key);
        held.onsuccess = () => { if (!held.result || held.result.seq <= entry.seq) answers.put(entry, key); };
      }
    }, STRICT),

    /* Note that answers were acknowledged, unless a newer one has taken their place. They stay until the paper is handed in: a page
       that is shown without network, or was asked for a moment before, has the state from before. */
    settle: (entries) => transact("readwrite", ["answers"], (answers) => {
      for (const entry of entries) whenHeld(answers, [...own, entry.position], entry.seq, (key) => answers.put({ ...entry, acked: true }, key));
    }),

    /* Forget answers, unless a newer one has taken their place. */
    drop: (entries) => transact("readwrite", ["answers"], (answers) => {
      for (const entry of entries) whenHeld(answers, [...own, entry.position], entry.seq, (key) => answers.delete(key));
    }),

    answers: () => transact("readonly", ["answers"], (answers) => answers.getAll(under(...own))),
    keepEvent: (event) => transact("readwrite", ["events"], (events) => { events.put(event, [...own, event.id]); }, STRICT),
    dropEvents: (list) => transact("readwrite", ["events"], (events) => { for (const event of list) events.delete([...own, event.id]); }),
    events: () => transact("readonly", ["events"], (events) => events.getAll(under(...own))),

    /* What the page should know after a reload: {seq, at, handing, url, token, touched}. */
    recall: () => transact("readonly", ["attempts"], (attempts) => attempts.get(own)),
    remember: (patch) => transact("readwrite", ["attempts"], (attempts) => {
      const held = attempts.get(own);
      held.onsuccess = () => attempts.put({ ...held.result, ...patch, touched: Date.now() }, own);
    }),

    wipe: () => wipe(own),
  };
}

function wipe(own) {
  return transact("readwrite", ["answers", "events", "attempts"], (answers, events, attempts) => {
    answers.delete(under(...own));
    events.delete(under(...own));
    attempts.delete(own);
  });
}

/* Attempts of one person that still hold unsent answers: [{attempt, store, answers, events, url, token}]. */
export async function leftovers(person) {
  const [keys, notes] = await Promise.all([
    transact("readonly", ["attempts"], (attempts) => attempts.getAllKeys(under(person))),
    transact("readonly", ["attempts"], (attempts) => attempts.getAll(under(person))),
  ]);
  const found = [];
  for (const [place, [, attempt]] of keys.entries()) {
    const store = openStore(person, attempt);
    const answers = (await store.answers()).filter((entry) => !entry.acked);
    if (answers.length) found.push({ attempt, store, answers, events: await store.events(), ...notes[place] });
  }
  return found;
}

/* Wipe attempts that nobody has touched for a week, whoever they belong to. */
export async function sweep() {
  const oldest = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
  const stale = [];
  await transact("readonly", ["attempts"], (attempts) => {
    attempts.openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      if (!(cursor.value.touched > oldest)) stale.push(cursor.key);
      cursor.continue();
    };
  });
  for (const own of stale) await wipe(own);
}

/* Can this browser store and give back? False when storage is blocked or full. */
export async function works() {
  const probe = openStore("probe", "probe");
  try {
    await probe.keep([{ position: 1, seq: 1, answer: ["A".repeat(50000)] }]);
    const [held] = await probe.answers();
    await probe.wipe();
    return Boolean(held) && held.seq === 1;
  } catch {
    return false;
  }
}
