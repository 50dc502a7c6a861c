/* What every module of the exam page needs of the page: its words (given by the server in
   <script type="application/json" id="words">; no sentence is written in a script), elements, preferences. */

const SAID = 20000; // ms until a spoken sentence leaves the page

let words = null;

/* Return the sentence `key` with {name} places filled from `values`. */
export function say(key, values = {}) {
  words = words || JSON.parse(document.getElementById("words").textContent);
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/* Fill `element` with the sentence `key`, its {name} place standing in bold. */
export function sayBold(element, key, name, value) {
  const [before, after] = say(key, { [name]: "\u0000" }).split("\u0000");
  const bold = document.createElement("b");
  bold.textContent = value;
  element.replaceChildren(before, bold, after);
}

/* Make an element: tag, properties (class, text, data-… and other attributes), children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export const iconAddress = (name) => `${document.body.dataset.icons}#${name}`;

/* An icon from the sprite that the whole site shares. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", iconAddress(name));
  svg.append(use);
  return svg;
}

/* Say something to a screen reader without moving anything. Each sentence is a line of its own, so that none cuts off another. */
export function announce(text, urgent = false) {
  const line = make("p", { text });
  document.getElementById(urgent ? "say-now" : "say").append(line);
  window.setTimeout(() => line.remove(), SAID);
}

/* A preference of this device; a browser that blocks storage just forgets it. */
export function preference(name, value) {
  try {
    if (value !== undefined) window.localStorage.setItem(`zhize.${name}`, value);
    return window.localStorage.getItem(`zhize.${name}`);
  } catch {
    return null;
  }
}
