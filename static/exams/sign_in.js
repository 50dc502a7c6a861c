/* Signing in again inside the page, so that nothing typed is lost: borrows the form of the sign-in page itself. */

import { make, say } from "./page.js";
import { makeModal } from "./modal.js";

/* Returns {ask}; hears: back(page) with the freshly read body of the exam page once its owner is signed in. */
export function makeSignIn(layer, { url, address, person }, hears) {
  const modal = makeModal(layer, { required: true });
  const place = layer.querySelector("[data-form]");
  const problem = layer.querySelector("[data-problem]");

  async function read(target, options) {
    const response = await fetch(target, { credentials: "same-origin", headers: { Accept: "text/html" }, ...options });
    return new DOMParser().parseFromString(await response.text(), "text/html");
  }

  async function lendForm() {
    try {
      const page = await read(url);
      const field = page.querySelector("input[type=password]");
      const form = document.importNode(field.form, true);
      form.setAttribute("action", field.form.getAttribute("action") || url);
      form.addEventListener("submit", submit);
      place.replaceChildren(form);
      form.querySelector("input:not([type=hidden])").focus();
    } catch {
      const again = make("button", { type: "button", class: "button primary", text: say("try_again") });
      again.addEventListener("click", lendForm);
      place.replaceChildren(make("p", { text: say("sign_in_unreachable") }), again);
      again.focus();
    }
  }

  async function submit(event) {
    event.preventDefault();
    const form = event.target;
    problem.textContent = "";
    try {
      const answer = await read(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const { body } = await read(address);
      if (body.dataset.person === person && body.dataset.token) return done(body);
      const said = answer.querySelector("[role=alert], .errmsg");
      problem.textContent = body.dataset.person || !said ? say("sign_in_failed") : said.textContent.trim();
    } catch {
      problem.textContent = say("sign_in_unreachable");
    }
    return undefined;
  }

  function done(body) {
    modal.close();
    place.replaceChildren();
    hears.back(body);
  }

  return {
    ask() {
      if (modal.isOpen) return;
      place.replaceChildren();
      modal.open(layer.querySelector("h2"));
      lendForm();
    },
  };
}
