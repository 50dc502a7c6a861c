/* session.js: two minutes before the sign-in ends, a dialog with the one act to stay. The server is asked first, because another
   window may have prolonged it. Settings and words are data attributes of #session (people/_session.html). */

const WARN_SECONDS = 120;
const dialog = document.getElementById("session");
const { url, soon, over, failed } = dialog.dataset;
const title = dialog.querySelector("h2");
let timer = 0;

function wait(secondsLeft) {
  clearTimeout(timer);
  const ahead = secondsLeft - WARN_SECONDS;
  timer = setTimeout(ask, Math.min(Math.max(ahead, 1), 6 * 3600) * 1000);
}

/** Ask how long the sign-in lasts, without prolonging it; then wait, warn, or say that it is over. */
async function ask() {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" });
    if (answer.ok) judge((await answer.json()).seconds_left);
    else if (answer.type === "opaqueredirect" || answer.status === 401) show("over");
    else wait(WARN_SECONDS + 30);
  } catch {
    wait(WARN_SECONDS + 30); // no network: ask again in half a minute
  }
}

function judge(left) {
  if (left > WARN_SECONDS + 1) {
    if (dialog.open && dialog.dataset.state === "soon") dialog.close();
    wait(left);
    return;
  }
  show("soon");
  clearTimeout(timer);
  timer = setTimeout(ask, Math.max(left, 1) * 1000);
}

function show(state) {
  dialog.dataset.state = state;
  title.textContent = state === "soon" ? soon : over;
  dialog.querySelectorAll("[data-for]").forEach((part) => { part.hidden = part.dataset.for !== state; });
  if (!dialog.open && dialog.showModal) dialog.showModal();
}

async function stay() {
  try {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" }, redirect: "manual" });
    if (!answer.ok) return show("over");
    dialog.close();
    return wait((await answer.json()).seconds_left);
  } catch {
    title.textContent = failed;
    return undefined;
  }
}

dialog.querySelector("[data-stay]").addEventListener("click", stay);
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
wait(Number(dialog.dataset.left));
