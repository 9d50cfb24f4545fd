// "Plan again": hands in a job and follows it until there is a plan. Only planners have the button.

import { follow, send } from "./asking.js";
import { fail, read, resultOf, tell, tellStep } from "./progress.js";
import { page, say } from "./words.js";

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("#plan-again");
  if (!button) return;
  button.disabled = true;
  tell(say("planning"));
  try {
    finish(button, resultOf(await follow(await handIn(button.dataset.day), tellStep)));
  } catch (error) {
    button.disabled = false;
    fail(say("planning_failed"), error.message);
  }
});

async function handIn(day) {
  const first = await send("POST", "/v1/plans", day ? { day } : {});
  // The plan that is shown may be for a day that is over; then plan for tomorrow.
  return read(first.status === 422 && day ? await send("POST", "/v1/plans", {}) : first);
}

function finish(button, planId) {
  tell(say(planId === page.planId ? "planned_same" : "planned"), 1);
  button.disabled = false;
  if (planId !== page.planId) location.assign(`/plans/${planId}?language=${page.language}`);
}
