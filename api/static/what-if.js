// "Work it out": hands in other thresholds, follows the job, and shows what came of it.

import { follow, send } from "./asking.js";
import { fail, read, resultOf, tell, tellStep } from "./progress.js";
import { page, say } from "./words.js";

const form = document.getElementById("what-if");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  const asked = {
    mustPOverflow: form.elements.must.valueAsNumber / 100,
    overflowPriceCents: Math.round(form.elements.price.valueAsNumber * 100),
  };
  button.disabled = true;
  tell(say("planning"));
  try {
    resultOf(await follow(await read(await send("POST", `/v1/plans/${page.planId}/what-ifs`, asked)), tellStep));
    location.reload();
  } catch (error) {
    button.disabled = false;
    fail(say("planning_failed"), error.message);
  }
});

document.body.dataset.ready = "";
