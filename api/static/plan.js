// The plan page: keeps what is chosen, and tells the lists, the map, the time line and the details.

import "./again.js";
import { ask } from "./asking.js";
import { Changes } from "./changes.js";
import { Details } from "./details.js";
import { Doing } from "./doing.js";
import { Editing, dragging } from "./editing.js";
import { PlanMap } from "./map.js";
import { fail, read } from "./progress.js";
import { Rounds } from "./rounds.js";
import { ContainerTable } from "./table.js";
import { tabs } from "./tabs.js";
import { TimeLine } from "./timeline.js";
import { followDay, look } from "./today.js";
import { page, say } from "./words.js";

const panel = document.querySelector(".panel");
const find = document.getElementById("find");
const checks = [...document.querySelectorAll('input[name="verdict"]')];
const chosen = { verdicts: new Set(), wanted: "", only: null, selected: null, colourBy: "", takes: () => true };
const canEdit = document.getElementById("happened") !== null;
const reading = readPlan(page.planId);

const doing = new Doing(show);
const editing = new Editing(show, (what) => doing.happened(what));
const rounds = new Rounds(document.getElementById("rounds"), canEdit);
const table = new ContainerTable(document.getElementById("table"));
const changes = new Changes(document.getElementById("changes"));
const timeLine = new TimeLine(document.querySelector(".time-line"));
let [plan, choices, details, map, cameFrom] = [null, new Map(), null, null, null];
const streets = startMap();

tabs(document.querySelector('[role="tablist"]'));
for (const check of checks) check.addEventListener("change", filter);
find.addEventListener("input", filter);
if (canEdit) dragging(document.body, (id, wanted) => select(id, null, wanted));
document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-container]");
  if (button) select(button.dataset.container, button);
  const only = target.closest("[data-only]");
  if (only) showOnly(only.dataset.only);
});
document.getElementById("whole-plan").addEventListener("click", () => {
  if (chosen.only) showOnly(chosen.only);
  map?.whole();
});
document.getElementById("colour-by").addEventListener("change", ({ target }) => {
  chosen.colourBy = target.value;
  map?.show(chosen);
});
document.getElementById("show-cases").addEventListener("change", ({ target }) => map?.cases(target.checked));
window.addEventListener("hashchange", fromAddress);
window.addEventListener("popstate", () => {
  const id = location.pathname.split("/")[2];
  if (id && id !== page.planId) show(decodeURIComponent(id), false);
});

const shownNow = () => ({ plan, map: map?.map });
reading.then(begin, (error) => fail(say("failed"), error.message));

async function begin(found) {
  use(found);
  if (canEdit) followDay(shownNow);
  fromAddress();
  await drawMap();
  if (canEdit && page.positions) look(shownNow);
  document.body.dataset.ready = "true";
}

async function readPlan(id) {
  return read(await ask(`/v1/plans/${encodeURIComponent(id)}?language=${page.language}`));
}

function use(found) {
  plan = found;
  choices = new Map(plan.choices.map((choice) => [choice.containerId, choice]));
  details = new Details(document.getElementById("details"), plan, close, canEdit ? (choice, wanted) => editing.part(choice, wanted) : null);
  document.querySelector(".map-note").hidden = plan.routes.every((route) => route.onStreets);
  if (!plan.routes.some((route) => route.vehicleId === chosen.only)) chosen.only = null;
  choose();
  for (const part of [editing, changes, timeLine]) part.show(plan);
  for (const part of [rounds, table]) part.show(plan, chosen);
  pressOnly();
}

// Turns to another version, or reads this one anew, without leaving the map where it is.
async function show(id, push = true) {
  const address = `/plans/${encodeURIComponent(id)}?language=${page.language}`;
  const [found, html] = await Promise.all([readPlan(id), ask(address).then((answer) => answer.text())]);
  const other = new DOMParser().parseFromString(html, "text/html");
  const open = new Set([...document.querySelectorAll(".round:has(details[open])")].map((each) => each.dataset.vehicle));
  for (const part of ["plan-top", "all-rounds", "plan-bottom"]) document.getElementById(part).replaceWith(other.getElementById(part));
  for (const check of checks) {
    const count = ".filter__count";
    check.closest("label").querySelector(count).textContent = other.querySelector(`input[value="${check.value}"]`).closest("label").querySelector(count).textContent;
  }
  for (const round of document.querySelectorAll(".round")) round.querySelector("details").open = open.has(round.dataset.vehicle);
  document.getElementById("plan-progress").hidden = true;
  if (push && id !== page.planId) history.pushState(null, "", address + location.hash);
  page.planId = id;
  use(found);
  map?.update(plan, chosen);
  if (canEdit) look(shownNow);
  if (chosen.selected) select(chosen.selected);
}

function startMap() {
  try {
    return new PlanMap("map", (id) => select(id));
  } catch (error) {
    console.info("no map:", error.message);
    document.querySelector(".map-missing").hidden = false;
    document.querySelector(".map-tools").hidden = true;
    return null;
  }
}

// The lists work while the map is being drawn, and where it cannot be.
async function drawMap() {
  if (!streets) return;
  await streets.ready;
  map = streets;
  const drawn = map.fill(plan, chosen);
  map.goTo(choices.get(chosen.selected));
  await drawn;
}

function choose() {
  chosen.verdicts = new Set(checks.filter((check) => check.checked).map((check) => check.value));
  chosen.wanted = find.value.trim().toLocaleLowerCase();
  chosen.takes = (choice) => chosen.verdicts.has(choice.verdict) && (!chosen.wanted || textOf(choice).includes(chosen.wanted));
}

function textOf(choice) {
  return [choice.address, choice.containerId, page.fractions[choice.fraction]].join(" ").toLocaleLowerCase();
}

function filter() {
  choose();
  panel.querySelector(".no-matches").hidden = rounds.filter(chosen) > 0;
  table.filter(chosen);
  mark();
  map?.show(chosen);
}

function showOnly(vehicleId) {
  chosen.only = chosen.only === vehicleId ? null : vehicleId;
  pressOnly();
  map?.show(chosen);
  if (chosen.only) map?.round(chosen.only);
}

function pressOnly() {
  for (const toggle of document.querySelectorAll("[data-only]")) {
    toggle.setAttribute("aria-pressed", String(toggle.dataset.only === chosen.only));
  }
}

function select(id, from = null, wanted = null) {
  const choice = choices.get(id);
  if (!choice) return;
  chosen.selected = id;
  cameFrom = from ?? listed(id);
  mark();
  if (!from && cameFrom && panel.scrollHeight > panel.clientHeight) cameFrom.scrollIntoView({ block: "center" });
  details.show(choice, wanted);
  if (from) document.getElementById("details").focus({ preventScroll: true });
  map?.show(chosen);
  map?.goTo(choice);
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
}

function close() {
  chosen.selected = null;
  mark();
  details.hide();
  map?.show(chosen);
  history.replaceState(null, "", location.pathname + location.search);
  cameFrom?.focus({ preventScroll: true });
}

function mark() {
  for (const button of panel.querySelectorAll("button[data-container]")) {
    if (button.dataset.container === chosen.selected) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function listed(id) {
  if (!document.getElementById("rounds").hidden) return rounds.reveal(id);
  return panel.querySelector(`[role="tabpanel"]:not([hidden]) button[data-container="${CSS.escape(id)}"]`);
}

function fromAddress() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id && id !== chosen.selected) select(id);
}
