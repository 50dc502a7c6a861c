/* Runs before the page is drawn: says that scripts run, and takes it back when the exam's own script does not come,
   so that the paper then stands as a plain form with a save button. Old syntax on purpose. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  function plain() {
    if (root.classList.contains("ready")) return;
    root.classList.remove("js");
    root.classList.add("plain");
  }
  window.addEventListener("error", function (event) {
    if (event.target && event.target.tagName === "SCRIPT") plain();
  }, true);
  window.setTimeout(plain, 10000);
})();
