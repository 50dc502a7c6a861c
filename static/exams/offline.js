/* The service worker of the exam page: without network a reload gets the page as it was last opened here, and the answers come
   from the device. Keeps the page of one attempt and the static files it uses, nothing else (R65); shell.js throws them away.
   Served as /attempts/offline.js, so that it sees nothing but the exam. */

const PAGES = "zhize-attempt";
const FILES = "zhize-files";
const ATTEMPT = /^\/attempts\/\d+$/;
const FILE = /^(\/static\/[0-9a-f]{12}\/)/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (FILE.test(url.pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate" && ATTEMPT.test(url.pathname) && !url.searchParams.has("plain")) event.respondWith(page(request, url.pathname));
});

/* A page that came without this worker asks for itself to be kept: {path, files}. */
self.addEventListener("message", ({ data: { path, files } }) => {
  fetch(path, { credentials: "same-origin", cache: "no-store" }).then((response) => keep(path, response)).catch(() => {});
  for (const name of files) file(new Request(name)).catch(() => {});
});

async function page(request, path) {
  let response = null;
  try {
    response = await fetch(request);
  } catch (error) {
    return (await kept(path)) || Promise.reject(error);
  }
  if (response.status >= 500) return (await kept(path)) || response;
  await keep(path, response.clone()).catch(() => {}); // a browser without room for it still shows the page
  return response;
}

/* Keep an exam page in place of any other; let go of it when its address leads elsewhere. */
async function keep(path, response) {
  const cache = await caches.open(PAGES);
  const text = response.ok ? await response.text() : "";
  const [, person] = text.match(/<body class="exam"[^>]*? data-person="(\d+)"/) || [];
  for (const other of await cache.keys()) if (!person || new URL(other.url).pathname !== path) await cache.delete(other);
  if (!person) return;
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  headers.set("X-Kept-At", String(Date.now()));
  headers.set("X-Person", person);
  await cache.put(path, new Response(text, { headers }));
}

/* The page as it was kept, with the time that has gone since taken off. Only for show: the server's time counts, and corrects it. */
async function kept(path) {
  const held = await (await caches.open(PAGES)).match(path);
  if (!held) return null;
  const gone = Math.max(0, Date.now() - Number(held.headers.get("X-Kept-At")));
  const text = (await held.text()).replace(/( data-ms-left=")(\d+)"/, (_, name, left) => `${name}${Math.max(0, left - gone)}"`);
  return new Response(text, { headers: held.headers });
}

async function file(request) {
  const cache = await caches.open(FILES);
  const held = await cache.match(request);
  if (held) return held;
  const response = await fetch(request);
  if (response.ok) {
    const [, version] = new URL(request.url).pathname.match(FILE);
    for (const other of await cache.keys()) if (!other.url.includes(version)) await cache.delete(other);
    await cache.put(request, response.clone()).catch(() => {});
  }
  return response;
}
