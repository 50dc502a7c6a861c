/* One request of the save protocol, and what its answer means. Knows no queue and no page. */

const PATIENCE = 15000; // ms until an answer is given up
const MEANING = { 200: "saved", 202: "late", 401: "sign_in", 409: "taken_over", 410: "handed_in" };

/* Send `body`. Resolves, never rejects, with {kind, data, wait, from, to}:
   kind   saved · late · sign_in · taken_over · handed_in · busy (try later) · refused (the body was not liked) · offline
   wait   seconds the server asked for, or 0
   from, to   performance.now() when the request left and when its answer came */
export async function send(url, token, body, { keepalive = false } = {}) {
  const from = performance.now();
  const abort = new AbortController();
  const timer = window.setTimeout(() => abort.abort(), PATIENCE);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Attempt-Token": token },
      body: JSON.stringify(body),
      credentials: "same-origin",
      redirect: "error",
      keepalive,
      signal: abort.signal,
    });
    const to = performance.now();
    const data = await response.json().catch(() => null);
    return { kind: meaning(response.status, data), data: data || {}, wait: Number(response.headers.get("Retry-After")) || 0, from, to };
  } catch {
    return { kind: "offline", data: {}, wait: 0, from, to: performance.now() };
  } finally {
    window.clearTimeout(timer);
  }
}

function meaning(status, data) {
  if (status === 429 || status >= 500) return "busy";
  const kind = MEANING[status];
  if (kind && !data) return status === 401 ? "sign_in" : "offline"; // a page in between (a hotspot's, say) answered, not our server
  if (status === 409 && data.state !== "taken_over") return "refused";
  return kind || "refused";
}

/* A change as the server reads it; its age is how long ago the person made it. */
export function changeOf(entry) {
  const { position, seq, answer, flag } = entry;
  return { position, seq, answer, flag, age_ms: ageOf(entry.made) };
}

export function eventOf({ kind, seconds, made }) {
  return { kind, seconds, age_ms: ageOf(made) };
}

const thisPage = `${performance.timeOrigin}-${Math.random()}`;

/* When something was made: by the monotonic clock of this page, and by the device's for when the page is gone. */
export function stamp() {
  return { page: thisPage, ticks: performance.now(), wall: Date.now() };
}

function ageOf(made) {
  const age = made.page === thisPage ? performance.now() - made.ticks : Date.now() - made.wall;
  return Math.max(0, Math.round(age));
}

/* Split entries into bodies of at most `most` changes and `bytes` bytes. */
export function split(entries, bytes, most) {
  const parts = [[]];
  let size = 0;
  for (const entry of entries) {
    const length = new TextEncoder().encode(JSON.stringify(changeOf(entry))).length + 1;
    if (parts[parts.length - 1].length && (size + length > bytes || parts[parts.length - 1].length >= most)) {
      parts.push([]);
      size = 0;
    }
    parts[parts.length - 1].push(entry);
    size += length;
  }
  return parts;
}
