// What a job is doing, told in one place of the page.

import { say } from "./words.js";

const room = document.getElementById("plan-progress");
const [text, bar] = [room?.querySelector("p"), room?.querySelector("progress")];

export function tell(message, share = null) {
  room.classList.remove("progress--failed");
  room.hidden = false;
  bar.hidden = share === false;
  if (text.textContent !== message) text.textContent = message;
  if (share === null) bar.removeAttribute("value");
  else if (share !== false) bar.value = share;
}

export function tellStep(job) {
  tell(say("planning_step", { step: say(`step_${job.doing}`) }), job.steps ? job.done / job.steps : null);
}

export function fail(what, why = "") {
  tell(`${what} ${why}`.trim(), false);
  room.classList.add("progress--failed");
}

export function wording(faults = []) {
  return faults.map((fault) => `${fault.cause} ${fault.remedy}`).join(" ");
}

// The answer's document, or what is wrong as an error.
export async function read(answer) {
  const document_ = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw Object.assign(new Error(wording(document_.faults) || document_.detail), { faults: document_.faults });
  return document_;
}

export function resultOf(job) {
  if (job.state === "failed") throw new Error(wording(job.faults));
  return job.links.find((link) => link.rel === "result").href.split("/").pop();
}
