/* A layer over the page that keeps the focus until it is closed: the answer sheet on a phone, the keys, signing in again. */

const STOPS = "a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex='0']";

/* Make `element` a modal layer. Returns {open, close}; `required` layers are not closed by Escape or the scrim. */
export function makeModal(element, { required = false, onClose = () => {} } = {}) {
  const scrim = document.getElementById("scrim");
  let opener = null;

  function onKey(event) {
    if (event.key === "Escape" && !required) close();
    if (event.key !== "Tab") return;
    const stops = [...element.querySelectorAll(STOPS)].filter((stop) => stop.offsetParent !== null);
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const outside = !element.contains(document.activeElement);
    if (event.shiftKey && (outside || document.activeElement === first)) last.focus();
    else if (!event.shiftKey && (outside || document.activeElement === last)) first.focus();
    else return;
    event.preventDefault();
  }

  function open(focusOn) {
    opener = document.activeElement;
    element.classList.add("open");
    element.setAttribute("role", "dialog");
    element.setAttribute("aria-modal", "true");
    scrim.hidden = false;
    scrim.onclick = required ? null : close;
    document.addEventListener("keydown", onKey, true);
    document.documentElement.classList.add("locked");
    (focusOn || element.querySelector(STOPS)).focus({ preventScroll: true });
  }

  function close({ restore = true } = {}) {
    if (!element.classList.contains("open")) return;
    element.classList.remove("open");
    element.removeAttribute("role");
    element.removeAttribute("aria-modal");
    scrim.hidden = true;
    document.documentElement.classList.remove("locked");
    document.removeEventListener("keydown", onKey, true);
    if (restore !== false && opener) opener.focus();
    onClose();
  }

  return { open, close, get isOpen() { return element.classList.contains("open"); } };
}
