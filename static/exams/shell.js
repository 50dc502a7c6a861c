/* The exam page kept for reloads without network (offline.js is the worker that keeps it). Browsers without it do as before. */

const PAGES = "zhize-attempt"; // as in offline.js
const SOONEST = 3; // seconds; everybody opens the paper in the same minute
const LATEST = 40;

const worker = "serviceWorker" in navigator && "caches" in window ? navigator.serviceWorker : null;

/* Have the worker ready before the paper is opened. */
export function prepareShell() {
  return worker ? worker.register("/attempts/offline.js", { scope: "/attempts/" }).catch(() => null) : Promise.resolve(null);
}

/* See to it that this very page is kept: it is, when it came through the worker; else the worker fetches it after a while. */
export async function keepShell(second = 1000) {
  const registration = await prepareShell();
  const [navigation] = performance.getEntriesByType("navigation");
  if (!registration || (navigation && navigation.workerStart > 0)) return;
  const files = performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.includes("/static/"));
  const ready = await worker.ready;
  const wait = (SOONEST + Math.random() * (LATEST - SOONEST)) * second;
  window.setTimeout(() => ready.active.postMessage({ path: window.location.pathname, files }), wait);
}

/* Let go of the kept page: the paper is handed in, or its owner signs out. */
export function forgetShell() {
  return worker ? caches.delete(PAGES).catch(() => false) : Promise.resolve(false);
}

/* Let go of a page that was kept for somebody else (R19). */
export async function forgetOthers(person) {
  if (!worker || !(await caches.has(PAGES))) return;
  const cache = await caches.open(PAGES);
  for (const request of await cache.keys()) {
    const held = await cache.match(request);
    if (held.headers.get("X-Person") !== person) await cache.delete(request);
  }
}
