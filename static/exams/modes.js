/* What the person may do now, as the server and the clock have it:
   working · paused · over (time is up) · handing (hands in) · taken_over · gone.
   `page` is the exam page's parts by name; they are looked up when needed, so that all may know each other. */

import { announce, make, say } from "./page.js";

const SETTLE = 500; // ms between two tries to close when the server's clock is a little behind ours

export function makeModes(page) {
  const { data, by, notes } = page;
  let mode = "working";
  let told = "";

  function lock(locked) {
    for (const item of page.paper.items) item.lock(locked);
  }

  function work(message = "") {
    mode = "working";
    page.store.remember({ handing: false }).catch(() => {});
    lock(false);
    notes.hide("paused");
    page.showQuestion(page.pager.current.position);
    if (message) tell(message);
  }

  function pause() {
    mode = "paused";
    lock(true);
    notes.show("paused", { mark: "pause", tone: "info", text: say("paused_text") });
  }

  function takenOver() {
    mode = "taken_over";
    lock(true);
    const act = by("take-over");
    act.hidden = false;
    notes.show("taken_over", { mark: "smartphone", tone: "warn", strong: say("chip_taken_over_stop"), text: say("taken_over"), action: act });
  }

  /* The same paper was opened in another window of this browser: only the newest one answers; what waits here still goes out. */
  function otherWindow() {
    if (mode !== "working" && mode !== "paused") return;
    mode = "taken_over";
    lock(true);
    const act = make("button", { type: "button", class: "button second", text: say("go_on_here") });
    act.addEventListener("click", () => window.location.reload());
    notes.show("taken_over", { mark: "copy", tone: "warn", strong: say("other_window"), text: say("other_window_text"), action: act });
  }

  function tell(text) {
    told = text;
    notes.show("notice", { mark: "info", tone: "info", text, closes: true });
    announce(text);
  }

  /* The panel in place of the question while the paper is being closed, in words that fit the network. */
  function panel() {
    const state = by("save").dataset.state;
    const cut = state === "offline" || state === "failed";
    if (mode === "over") showPanel(say(cut ? "sealed" : "time_up_sending", { until: data.lateUntil }));
    else showPanel(say(cut ? "handing_in_offline" : "handing_in"));
  }

  function showPanel(text, link = "") {
    const [words, receipt] = [by("over").querySelector("p"), by("over").querySelector("a")];
    if (words.textContent !== text) announce(text, true);
    words.textContent = text;
    receipt.hidden = !link;
    receipt.href = link;
    page.view("over");
  }

  return {
    get now() { return mode; },
    get closing() { return mode === "over" || mode === "handing" || mode === "gone"; },

    /* Time is up: what is in the fields goes in, nothing more. Whether it really is up the server says (extra time). */
    timeIsUp() {
      if (mode !== "working") return;
      page.answers.recordAll();
      mode = "over";
      lock(true);
      panel();
      page.saver.now();
    },

    handIn() {
      mode = "handing";
      lock(true);
      page.store.remember({ handing: true }).catch(() => {});
      panel();
      page.saver.handIn();
    },

    pause,
    otherWindow,

    heard(answer) {
      if (answer.notice && answer.notice !== told) tell(answer.notice);
      if (mode === "handing" && !page.saver.handingIn) work(answer.notice ? "" : say("not_yet"));
      else if (mode === "over" && answer.ms_left > 0) work();
      else if (mode === "over" && !page.saver.handingIn) window.setTimeout(() => page.saver.handIn(), SETTLE);
      else if (mode === "working" && answer.state === "paused") pause();
      else if (mode === "paused" && answer.state !== "paused") work();
    },

    saving() {
      if (mode === "over" || mode === "handing") panel();
    },

    ended(kind, answer) {
      if (kind === "sign_in") return page.signIn.ask();
      if (kind === "taken_over") return takenOver();
      if (kind === "refused") return mode === "handing" ? work(answer.message || say("not_yet")) : undefined;
      const receipt = answer.receipt_url || data.receipt;
      const timeUp = mode === "over";
      mode = "gone";
      lock(true);
      if (kind === "late") return showPanel(say("late"), receipt);
      showPanel(say(timeUp ? "time_up" : "handed_in"), receipt);
      return window.location.replace(receipt);
    },
  };
}
