/* 标准 → 大字 → 特大 without leaving the question: at once on this page, and kept for the person by the server. */

export function switchTextSize(forms) {
  for (const form of forms) {
    form.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      event.preventDefault();
      const body = new URLSearchParams(new FormData(form));
      body.set("text_size", button.value);
      document.documentElement.dataset.text = button.value;
      form.querySelector(`.when-${button.value}`).focus();
      fetch(form.getAttribute("action"), { method: "POST", body, credentials: "same-origin", redirect: "manual" }).catch(() => {});
    });
  }
}
