/* board.js: says when the board could not be renewed, so that nobody trusts old rows. htmx does the renewing. */

const frame = document.querySelector("[data-board]");
const lost = frame.querySelector("[data-lost]");

function rememberFailure() {
  const at = document.getElementById("board").dataset.at.slice(11);
  lost.textContent = frame.dataset.stale.replace("{time}", at);
  lost.hidden = false;
}

const SECONDS_UNTIL_STALE = 15;
let last = document.getElementById("board").dataset.at;
let since = performance.now();

setInterval(() => {
  const now = document.getElementById("board").dataset.at;
  if (now !== last) {
    last = now;
    since = performance.now();
    lost.hidden = true;
  } else if (performance.now() - since > SECONDS_UNTIL_STALE * 1000) {
    rememberFailure();
  }
}, 1000);
