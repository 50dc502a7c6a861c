/* keys.js: whether single keys act here, by the same switch as core/keys.js (the list of keys under "?"). */

/** True when a key press belongs to the page: not typed into a field, no other key held, not turned off. */
export function isFree(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return false;
  if (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
    if (event.target.type !== "checkbox") return false;
  }
  return areOn() && !document.querySelector("dialog[open]");
}

export function areOn() {
  try { return window.localStorage.getItem("zhize-keys") !== "off"; } catch { return true; }
}
