/* keys.js: single keys on staff pages. They act outside fields only, are listed by `?`, and can be turned off (WCAG 2.1.4).
   A link or button takes a key by data-key="n"; an input with data-search takes "/". */

const STORE = "zhize-keys";
const help = document.querySelector("[data-keys-help]");

function stored() {
  try { return window.localStorage.getItem(STORE); } catch { return null; }
}

function remember(on) {
  try { window.localStorage.setItem(STORE, on ? "on" : "off"); } catch { /* private mode: lasts for this page */ }
}

let on = stored() !== "off";

function typing(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** What the key presses here, or null. */
function targetOf(key) {
  if (key === "/") return document.querySelector("[data-search]");
  return /^[a-z]$/.test(key) ? document.querySelector(`[data-key="${key}"]`) : null;
}

document.addEventListener("keydown", (event) => {
  if (!on || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "?" && help.showModal) {
    help.showModal();
    return;
  }
  const target = targetOf(event.key);
  if (!target) return;
  event.preventDefault();
  if (event.key === "/") { target.focus(); target.select(); } else target.click();
});

function line(key, label) {
  const row = document.createElement("div");
  const name = document.createElement("dt");
  const mark = document.createElement("kbd");
  const words = document.createElement("dd");
  mark.textContent = key.toUpperCase();
  name.append(mark);
  words.textContent = label;
  row.append(name, words);
  return row;
}

function labelOf(target) {
  const copy = target.cloneNode(true);
  copy.querySelectorAll("kbd").forEach((mark) => mark.remove());
  return copy.textContent.trim();
}

const list = help.querySelector("[data-keys-list]");
document.querySelectorAll("[data-key]").forEach((target) => list.append(line(target.dataset.key, labelOf(target))));
if (document.querySelector("[data-search]")) list.append(line("/", help.dataset.searchLabel));
list.append(line("?", help.dataset.helpLabel));

const power = help.querySelector("[data-keys-switch]");
power.checked = on;
power.addEventListener("change", () => {
  on = power.checked;
  remember(on);
});
