/* list.js: the list of questions: one of them opened beside the list, moving and ticking by keys. Without it the links lead to pages. */

import { isFree } from "./keys.js";

const form = document.querySelector("[data-list]");
const WIDE = window.matchMedia("(min-width: 1280px)");

if (form) {
  const rows = [...form.querySelectorAll("[data-row]")];
  document.querySelectorAll("[data-keys-words]").forEach((words) => { words.hidden = false; });

  const linkOf = (row) => row.querySelector("[data-peek]");
  const tickOf = (row) => row.querySelector("input[name=id]");
  const hasPeek = () => WIDE.matches && getComputedStyle(document.getElementById("peek")).display !== "none";

  let at = Math.max(0, rows.findIndex((row) => row.classList.contains("opened")));

  function open(row) {
    rows.forEach((other) => other.classList.toggle("opened", other === row));
    at = rows.indexOf(row);
    window.htmx.ajax("GET", linkOf(row).href, { target: "#peek", swap: "outerHTML" });
  }

  function move(step) {
    at = Math.min(rows.length - 1, Math.max(0, at + step));
    linkOf(rows[at]).focus();
    rows[at].scrollIntoView({ block: "nearest" });
    if (hasPeek()) open(rows[at]);
  }

  rows.forEach((row) => linkOf(row).addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !hasPeek()) return;
    event.preventDefault();
    open(row);
  }));

  /* ---- ticks ---- */

  const clear = form.querySelector("[data-clear-ticks]");
  const all = form.querySelector("[data-tick-all]");
  const bar = form.querySelector("[data-select-bar]");

  function showTicks() {
    if (!bar) return;
    const count = rows.filter((row) => tickOf(row) && tickOf(row).checked).length;
    rows.forEach((row) => row.classList.toggle("chosen", Boolean(tickOf(row) && tickOf(row).checked)));
    if (clear) clear.hidden = count === 0;
    if (all) all.checked = count === rows.length;
    bar.classList.toggle("quiet", count === 0);
    bar.querySelectorAll("[data-needs-ticks]").forEach((button) => { button.disabled = count === 0; });
  }

  function tick(row, on) {
    const box = tickOf(row);
    if (!box) return;
    box.checked = on;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  form.addEventListener("change", () => setTimeout(showTicks));
  if (clear) clear.addEventListener("click", () => rows.forEach((row) => tick(row, false)));
  showTicks();

  /* ---- keys ---- */

  const ACTS = {
    j: () => move(1),
    k: () => move(-1),
    x: () => tickOf(rows[at]) && tick(rows[at], !tickOf(rows[at]).checked),
    e: () => document.querySelector("[data-edit]") && hasPeek() ? document.querySelector("[data-edit]").click() : linkOf(rows[at]).click(),
    " ": () => (hasPeek() ? open(rows[at]) : linkOf(rows[at]).click()),
    Escape: () => rows.forEach((row) => tickOf(row) && tickOf(row).checked && tick(row, false)),
  };

  document.addEventListener("keydown", (event) => {
    const act = ACTS[event.key];
    if (!act || !isFree(event)) return;
    if (event.key === " " && event.target.closest("button, summary, input")) return;
    event.preventDefault();
    act();
  });
}
