/* page.js: what every page does beyond plain HTML. Each behaviour is switched on by an attribute (docs/interface.md lists them)
   and every page works without it. Words come from the data attributes of #alerts, so that they are translated. */

const alerts = document.getElementById("alerts");
const words = alerts.dataset;

/* ---- messages ---- */

const SECONDS_SHOWN = 6;

/** Show a sentence at the top of the window. tone: info, ok, warn or err; errors stay until closed. */
export function say(text, tone = "info") {
  const note = document.createElement("div");
  note.className = `note ${tone}`;
  const body = document.createElement("p");
  body.className = "note-text";
  body.textContent = text;
  note.append(body);
  show(note, tone);
}

function show(note, tone) {
  const same = [...alerts.children].find((other) => other.textContent.trim() === note.textContent.trim());
  if (same) same.remove();
  alerts.append(note);
  makeDismissible(note);
  if (tone === "info" || tone === "ok") fade(note);
}

function fade(note) {
  const leave = () => (note.matches(":hover") || note.contains(document.activeElement) ? wait() : note.remove());
  const wait = () => setTimeout(leave, SECONDS_SHOWN * 1000);
  wait();
}

function makeDismissible(note) {
  if (note.querySelector(".note-close")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "note-close";
  button.setAttribute("aria-label", words.close);
  button.textContent = "×";
  button.addEventListener("click", () => note.remove());
  note.append(button);
}

document.addEventListener("zhize:say", (event) => say(event.detail.text, event.detail.tone));

/* ---- forms: send once, ask before leaving, ask before acting ---- */

let changed = null; // the form with unsaved changes
let leaving = false;

function sendOnce(form) {
  if (form.method !== "post" || "repeat" in form.dataset || form.matches("[data-busy]")) return;
  form.dataset.busy = "";
  // After this turn, so that the pressed button still counts among the values sent.
  setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((button) => {
    if (button.disabled) return;
    button.disabled = true;
    button.dataset.paused = "";
  }));
  setTimeout(() => free(form), 20000); // an answer that never comes, or a download: the page is still here
}

function free(form) {
  delete form.dataset.busy;
  form.querySelectorAll("[data-paused]").forEach((button) => {
    button.disabled = false;
    delete button.dataset.paused;
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-busy]")) {
    event.preventDefault();
    return;
  }
  const question = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
  if (question && !("confirmed" in form.dataset)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(question, () => sendConfirmed(form, event.submitter));
    return;
  }
  delete form.dataset.confirmed;
}, true);

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return; // htmx sends it, and turns its buttons off by hx-disable
  leaving = true;
  sendOnce(event.target);
});

function sendConfirmed(form, submitter) {
  form.dataset.confirmed = "";
  if (form.requestSubmit) {
    form.requestSubmit(submitter || undefined);
    return;
  }
  if (submitter && submitter.name) {
    const value = document.createElement("input");
    Object.assign(value, { type: "hidden", name: submitter.name, value: submitter.value });
    form.append(value);
  }
  leaving = true;
  form.submit();
}

function ask(question, go) {
  const dialog = document.createElement("dialog");
  if (!dialog.showModal) {
    if (window.confirm(question)) go();
    return;
  }
  const text = document.createElement("p");
  text.textContent = question;
  const row = document.createElement("div");
  row.className = "form-buttons";
  row.append(choice(words.yes, "button second", () => { dialog.close(); go(); }), choice(words.no, "button", () => dialog.close()));
  dialog.setAttribute("aria-label", question);
  dialog.append(text, row);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function choice(label, classes, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = classes;
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && "unsaved" in form.dataset) changed = form;
});
window.addEventListener("beforeunload", (event) => {
  if (leaving || !changed || !changed.isConnected) return;
  event.preventDefault();
  event.returnValue = words.leave;
});
window.addEventListener("pageshow", () => {
  leaving = false;
  document.querySelectorAll("form[data-busy]").forEach(free);
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form && "autosubmit" in form.dataset) (form.requestSubmit ? form.requestSubmit() : form.submit());
  if (event.target.dataset.tickAll) tickAll(event.target);
  if (event.target.type === "checkbox") countTicked(event.target.name);
});

function tickAll(box) {
  const name = box.dataset.tickAll;
  document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(name)}"]`).forEach((other) => { other.checked = box.checked; });
  countTicked(name);
}

function countTicked(name) {
  if (!name) return;
  const key = CSS.escape(name);
  const ticked = document.querySelectorAll(`input[type=checkbox][name="${key}"]:checked`).length;
  document.querySelectorAll(`[data-ticked="${key}"]`).forEach((place) => { place.textContent = ticked; });
}

/* ---- menus, dialogs, print ---- */

document.addEventListener("click", (event) => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  const opener = event.target.closest("[data-open]");
  const dialog = opener && document.getElementById(opener.dataset.open);
  if (dialog && dialog.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
  const closer = event.target.closest("dialog [data-close]");
  if (closer) closer.closest("dialog").close();
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

/* ---- htmx: the form token goes along; only answers meant for the page are put into it ---- */

document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRFToken"] = document.querySelector("meta[name=csrf-token]").content;
});

document.addEventListener("htmx:before:response", (event) => {
  const answer = event.detail.ctx.response.raw;
  if (answer.redirected) { // signed out meanwhile, or sent on: the whole page goes there
    event.preventDefault();
    leaving = true;
    window.location.assign(answer.url);
    return;
  }
  if (answer.ok || answer.status === 422 || answer.status === 409) return;
  event.preventDefault();
  refused(answer);
});

document.addEventListener("htmx:after:request", (event) => {
  const ctx = event.detail.ctx;
  if (!ctx.text || !ctx.text.includes("data-page-alert")) return;
  event.preventDefault();
  showAlert(ctx.text);
});

document.addEventListener("htmx:error", () => say(words.offline, "err"));
document.addEventListener("htmx:after:swap", (event) => prepare(event.target instanceof Element ? event.target : document));

async function refused(answer) {
  const text = await answer.text();
  if (text.includes("data-page-alert")) showAlert(text);
  else say(answer.status === 429 || answer.status === 503 ? words.busy : words.failed, "err");
}

function showAlert(html) {
  const note = new DOMParser().parseFromString(html, "text/html").querySelector("[data-page-alert]");
  if (note) show(note, "err");
}

/* ---- when a page or a part arrives ---- */

function prepare(root) {
  root.querySelectorAll("[data-dismissible]").forEach(makeDismissible);
  root.querySelectorAll("[data-print][hidden], [data-open][hidden]").forEach((button) => { button.hidden = false; });
  const first = root.querySelector("[data-focus]");
  if (first) first.focus();
  const summary = root.querySelector("[data-title-prefix]");
  if (summary && !document.title.startsWith(summary.dataset.titlePrefix)) document.title = summary.dataset.titlePrefix + document.title;
  root.querySelectorAll(".error-summary a").forEach((link) => link.addEventListener("click", toField));
  new Set([...root.querySelectorAll("[data-ticked]")].map((place) => place.dataset.ticked)).forEach(countTicked);
}

/** A link of the error summary puts the cursor into the field, or onto the first choice of a group. */
function toField(event) {
  const target = document.getElementById(event.currentTarget.hash.slice(1));
  const fields = "input, select, textarea";
  const field = target && (target.matches(fields) ? target : target.querySelector(fields));
  if (!field) return;
  event.preventDefault();
  target.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
}

prepare(document);
