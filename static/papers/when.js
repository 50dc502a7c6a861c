/* when.js: shows a part of a form only while it matters: data-when="kind=multiple_choice" on the part, inside a form with data-section.
   Without it every part is shown, and the server ignores what does not apply. */

const form = document.querySelector("form[data-section]");

function applies(part) {
  const [name, wanted] = part.dataset.when.split("=");
  const field = form.elements[name];
  return (field.value !== undefined ? field.value : "") === wanted;
}

function show() {
  form.querySelectorAll("[data-when]").forEach((part) => { part.hidden = !applies(part); });
}

form.addEventListener("change", show);
show();
