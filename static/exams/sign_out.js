/* Warns before signing out while answers of this person wait on this device: the next person here cannot send them.
   Comes with templates/exams/_sign_out_guard.html, which holds its words. */

import { forgetOthers, forgetShell } from "./shell.js";
import { leftovers } from "./store.js";

const guard = document.getElementById("sign-out-guard");

async function ask(event) {
  const form = event.target.closest("form[data-sign-out]") || (event.target.getAttribute("action") === guard.dataset.action && event.target);
  if (!form || form.dataset.sure) return;
  event.preventDefault();
  event.stopPropagation();
  const found = await leftovers(guard.dataset.person).catch(() => []);
  const count = found.reduce((sum, { answers }) => sum + answers.length, 0);
  if (count && !window.confirm(guard.dataset.warning.replace("{count}", count))) return;
  await forgetShell();
  form.dataset.sure = "yes";
  form.submit();
}

document.addEventListener("submit", ask, true);
forgetOthers(guard.dataset.person).catch(() => {});
