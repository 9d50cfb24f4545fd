// "Plan again": hands in a job and follows it until there is a plan.

import { ask, follow } from "./asking.js";
import { page, say } from "./words.js";

const button = document.getElementById("plan-again");
const room = document.getElementById("plan-progress");
const [text, bar] = [room?.querySelector("p"), room?.querySelector("progress")];

// Only planners have the button.
button?.addEventListener("click", async () => {
  button.disabled = true;
  room.classList.remove("progress--failed");
  room.hidden = false;
  bar.hidden = false;
  tell(say("planning"));
  try {
    finish(await follow(await handIn(button.dataset.day), tellStep));
  } catch (error) {
    fail(error.message);
  }
});

async function handIn(day) {
  const first = await post(day ? { day } : {});
  // The plan that is shown may be for a day that is over; then plan for tomorrow.
  const answer = first.status === 422 && day ? await post({}) : first;
  const job = await answer.json();
  if (!answer.ok) throw new Error(wording(job.faults) || job.detail);
  return job;
}

function post(body) {
  return ask("/v1/plans", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

function tellStep(job) {
  tell(say("planning_step", { step: say(`step_${job.doing}`) }), job.steps ? job.done / job.steps : null);
}

function finish(job) {
  if (job.state === "failed") throw new Error(wording(job.faults));
  const plan = job.links.find((link) => link.rel === "result").href.split("/").pop();
  tell(say(plan === page.planId ? "planned_same" : "planned"), 1);
  if (plan === page.planId) {
    button.disabled = false;
    return;
  }
  location.assign(`/plans/${plan}?language=${page.language}`);
}

function tell(message, share = null) {
  if (text.textContent !== message) text.textContent = message;
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
}

function fail(why) {
  button.disabled = false;
  bar.hidden = true;
  room.classList.add("progress--failed");
  text.textContent = `${say("planning_failed")} ${why ?? ""}`;
}

function wording(faults = []) {
  return faults.map((fault) => `${fault.cause} ${fault.remedy}`).join(" ");
}
