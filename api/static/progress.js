// What a job is doing, told in one place of the page.

import { page, say } from "./words.js";

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

// What is wrong, in the reader's language where somebody translated it.
export function wording(faults = []) {
  const one = ({ code, cause, remedy, where, value }) => {
    const named = { value, of: where.split(" ").at(-1) };
    return page.faults?.[code]?.replace(/\{(\w+)\}/g, (_, name) => named[name]) ?? `${cause} ${remedy}`;
  };
  return faults.map(one).join(" ");
}

// The answer's document, or what is wrong as an error.
export async function read(answer) {
  const document_ = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw refused(document_.faults, document_.detail);
  return document_;
}

function refused(faults, detail) {
  return Object.assign(new Error(wording(faults) || detail), { faults });
}

export function resultOf(job) {
  if (job.state === "failed") throw refused(job.faults);
  return job.links.find((link) => link.rel === "result").href.split("/").pop();
}
