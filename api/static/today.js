// How far the crews are, while the plan that is shown is the one that they drive.

import { ask } from "./asking.js";
import { page, say } from "./words.js";

const LOOKED_AT_EVERY_MS = 30_000;

export async function followDay() {
  while (true) {
    // A page that nobody looks at asks nothing.
    if (!document.hidden) await look();
    await new Promise((resolve) => setTimeout(resolve, LOOKED_AT_EVERY_MS));
  }
}

export async function look() {
  if (!document.querySelector(".state--published")) return;
  try {
    const answer = await ask(`/v1/shifts?day=${page.day}`);
    if (answer.ok) tell(await answer.json());
  } catch {
    // Without network the page shows what it knew; it looks again.
  }
}

function tell({ planId, shifts }) {
  if (planId !== page.planId) return;
  for (const each of shifts) {
    const round = document.querySelector(`.round[data-vehicle="${CSS.escape(each.vehicleId)}"] .round__done`);
    if (round) round.textContent = each.finished ? say("done_of", { done: each.finished, all: each.stops }) : "";
  }
  const done = shifts.reduce((sum, each) => sum + each.finished, 0);
  const all = shifts.reduce((sum, each) => sum + each.stops, 0);
  document.querySelector(".panel__done").textContent = done ? say("done_of", { done, all }) : "";
}
