// "Plan again": asks who drives that day, hands in a job and follows it until there is a plan. Only
// planners have the button.

import { follow, send } from "./asking.js";
import { fail, read, resultOf, tell, tellStep } from "./progress.js";
import { page, say } from "./words.js";

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
const dialog = document.getElementById("again");
const form = dialog?.querySelector("form");

document.addEventListener("click", ({ target }) => {
  if (target.closest("#again [data-close]")) dialog.close();
  const button = target.closest("#plan-again");
  if (!button) return;
  if (dialog) dialog.showModal();
  else plan(button, {});
});

form?.addEventListener("change", () => {
  const [first, ...others] = form.querySelectorAll('[name="truck"]');
  const some = [first, ...others].some((each) => each.checked);
  first.setCustomValidity(some ? "" : say("again_none"));
});

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  plan(document.querySelector("#plan-again"), { trucks: onDuty() });
});

async function plan(button, asked) {
  button.disabled = true;
  try {
    const job = await handIn(button.dataset.day, asked);
    dialog?.close();
    tell(say("planning"));
    finish(button, resultOf(await follow(job, tellStep)));
  } catch (error) {
    button.disabled = false;
    refuse(error.message);
  }
}

async function handIn(day, asked) {
  const first = await send("POST", "/v1/plans", day ? { day, ...asked } : asked);
  if (first.status !== 422 || !day) return read(first);
  // The plan that is shown may be for a day that is over; then plan for tomorrow.
  const { faults } = await first.clone().json();
  return read(faults?.some((fault) => fault.code === "plan-day") ? await send("POST", "/v1/plans", asked) : first);
}

// What cannot be is said where it was asked; nothing of it is lost.
function refuse(why) {
  const fault = form?.querySelector(".form__fault");
  if (!dialog?.open) return fail(say("planning_failed"), why);
  fault.hidden = false;
  fault.textContent = why;
}

function onDuty() {
  const crews = [...form.querySelectorAll(".crew")].filter((crew) => crew.querySelector('[name="truck"]').checked);
  return crews.map((crew) => {
    const [start, end] = [...crew.querySelectorAll('[type="time"]')].map((each) => seconds(each.value));
    // A shift that ends before it begins ends the next day.
    return { vehicleId: crew.querySelector('[name="truck"]').value, shiftStartS: start, shiftEndS: end > start ? end : end + DAY_S };
  });
}

function seconds(time) {
  const [hours, minutes] = time.split(":").map(Number);
  return hours * HOUR_S + minutes * 60;
}

function finish(button, planId) {
  tell(say(planId === page.planId ? "planned_same" : "planned"), 1);
  button.disabled = false;
  if (planId !== page.planId) location.assign(`/plans/${planId}?language=${page.language}`);
}
