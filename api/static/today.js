// How far the crews are, while the plan that is shown is the one that they drive.

import { ask } from "./asking.js";
import { showPositions } from "./positions.js";
import { page, say } from "./words.js";

const LOOKED_AT_EVERY_MS = 30_000;

// `shown` gives the plan and the map, once there are such.
export async function followDay(shown) {
  while (true) {
    // A page that nobody looks at asks nothing.
    if (!document.hidden) await look(shown);
    await new Promise((resolve) => setTimeout(resolve, LOOKED_AT_EVERY_MS));
  }
}

export async function look(shown) {
  if (!document.querySelector(".state--published")) return;
  try {
    const answer = await ask(`/v1/shifts?day=${page.day}`);
    if (answer.ok) tell(await answer.json());
    if (page.positions) await lookWhere(shown());
  } catch {
    // Without network the page shows what it knew; it looks again.
  }
}

async function lookWhere({ plan, map }) {
  const answer = await ask(`/v1/positions?day=${page.day}`);
  if (answer.ok) showPositions((await answer.json()).positions, plan, map);
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
