/* plan.js: keeps the sum below the plan of a new paper in step with what is typed; the server reckons anew when it is sent. */

const number = (input) => Number(input.value.trim()) || 0;

function reckon() {
  const plan = document.getElementById("plan");
  if (!plan) return;
  let count = 0;
  let hundredths = 0;
  plan.querySelectorAll("tbody tr").forEach((row) => {
    const [questions, points] = [...row.querySelectorAll("input")].map(number);
    count += questions;
    hundredths += Math.round(questions * points * 100);
  });
  plan.querySelector("[data-total]").textContent = plan.dataset.plan.replace("{count}", count).replace("{points}", hundredths / 100);
}

document.addEventListener("input", (event) => {
  if (event.target.closest("#plan")) reckon();
});
