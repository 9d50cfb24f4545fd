// "Plan again": hands in a job and follows it until there is a plan.

import { page, say } from "./words.js";

const EVERY_MS = 700;

const button = document.getElementById("plan-again");
const room = document.getElementById("plan-progress");
const [text, bar] = [room.querySelector("p"), room.querySelector("progress")];

button.addEventListener("click", async () => {
  button.disabled = true;
  room.classList.remove("progress--failed");
  room.hidden = false;
  bar.hidden = false;
  tell(say("planning"));
  try {
    await follow(await ask(button.dataset.day));
  } catch (error) {
    fail(error.message);
  }
});

async function ask(day) {
  const first = await post(day ? { day } : {});
  // The plan that is shown may be for a day that is over; then plan for tomorrow.
  const answer = first.status === 422 && day ? await post({}) : first;
  const job = await answer.json();
  if (!answer.ok) throw new Error(wording(job.faults) || job.detail);
  return job;
}

function post(body) {
  return fetch("/v1/plans", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function follow(job) {
  while (job.state === "queued" || job.state === "running") {
    tell(say("planning_step", { step: say(`step_${job.doing}`) }), job.steps ? job.done / job.steps : null);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    job = await (await fetch(`/v1/jobs/${job.id}`)).json();
  }
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
