/* Single keys: choose, move, flag, sheet, time. Off in text fields, with a modifier, and for who switched them off; none hands in. */

import { preference } from "./page.js";

const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

/* hears: choose(place), step(by), flag(), sheet(), time(), help(), closed() = whether keys may act now. */
export function listenToKeys(toggle, hears) {
  toggle.checked = preference("keys") !== "off";
  toggle.addEventListener("change", () => preference("keys", toggle.checked ? "on" : "off"));

  const acts = {
    ArrowLeft: () => hears.step(-1), ArrowRight: () => hears.step(1),
    m: hears.flag, s: hears.sheet, t: hears.time, "?": hears.help, "？": hears.help,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (event.target.closest(TYPING) || !hears.active()) return;
    if (!toggle.checked && event.key !== "?") return;
    if (act(event.key)) event.preventDefault();
  });

  function act(key) {
    const place = /^[a-f]$/i.test(key) ? key.toUpperCase().charCodeAt(0) - 65 : /^[1-6]$/.test(key) ? Number(key) - 1 : -1;
    if (place >= 0) return hears.choose(place);
    const deed = acts[key.length === 1 ? key.toLowerCase() : key];
    if (deed) deed();
    return Boolean(deed);
  }
}
