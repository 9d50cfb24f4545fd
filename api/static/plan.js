// The plan page: keeps what is chosen, and tells the list, the map and the details.

import "./again.js";
import { ask } from "./asking.js";
import { Details } from "./details.js";
import { PlanMap } from "./map.js";
import { sortable } from "./sorting.js";
import { tabs } from "./tabs.js";
import { page } from "./words.js";

const panel = document.querySelector(".panel");
const checks = [...document.querySelectorAll('input[name="verdict"]')];
const find = document.getElementById("find");
const rows = [...panel.querySelectorAll("li[data-verdict], tr[data-verdict]")];
const chosen = { verdicts: new Set(checks.map((check) => check.value)), only: null, selected: null };
let cameFrom = null;

const answer = await ask(`/v1/plans/${page.planId}?language=${page.language}`);
const plan = await answer.json();
const choices = new Map(plan.choices.map((choice) => [choice.containerId, choice]));
const details = new Details(document.getElementById("details"), plan, close);
let map = null;

tabs(document.querySelector('[role="tablist"]'));
sortable(document.querySelector("table.containers"));
for (const check of checks) check.addEventListener("change", filter);
find.addEventListener("input", filter);
for (const toggle of document.querySelectorAll("[data-only]")) {
  toggle.addEventListener("click", () => only(toggle.dataset.only));
}
for (const button of document.querySelectorAll("button[data-container]")) {
  button.addEventListener("click", () => select(button.dataset.container, button));
}
document.getElementById("whole-plan").addEventListener("click", () => {
  if (chosen.only) only(chosen.only);
  map?.whole();
});
window.addEventListener("hashchange", fromAddress);
fromAddress();
await drawMap();
document.body.dataset.ready = "true";

// The list works while the map is being drawn, and where it cannot be.
async function drawMap() {
  try {
    const made = new PlanMap("map", plan, (id) => select(id));
    await made.ready;
    map = made;
    map.show(chosen);
    map.goTo(choices.get(chosen.selected));
    await made.drawn;
  } catch (error) {
    console.info("no map:", error.message);
    document.querySelector(".map-missing").hidden = false;
    document.getElementById("whole-plan").hidden = true;
  }
}

function filter() {
  chosen.verdicts = new Set(checks.filter((check) => check.checked).map((check) => check.value));
  const wanted = find.value.trim().toLocaleLowerCase();
  for (const row of rows) {
    const told = chosen.verdicts.has(row.dataset.verdict);
    row.hidden = !(told && (!wanted || row.textContent.toLocaleLowerCase().includes(wanted)));
  }
  panel.querySelector(".no-matches").hidden = rows.some((row) => !row.hidden);
  map?.show(chosen);
}

function only(vehicleId) {
  chosen.only = chosen.only === vehicleId ? null : vehicleId;
  for (const toggle of document.querySelectorAll("[data-only]")) {
    toggle.setAttribute("aria-pressed", String(toggle.dataset.only === chosen.only));
  }
  map?.show(chosen);
  if (chosen.only) map?.round(chosen.only);
}

function select(id, from = null) {
  const choice = choices.get(id);
  if (!choice) return;
  cameFrom = from ?? listed(id);
  chosen.selected = id;
  mark(id);
  if (!from) reveal(cameFrom);
  details.show(choice);
  if (from) document.getElementById("details").focus({ preventScroll: true });
  map?.show(chosen);
  map?.goTo(choice);
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
}

function close() {
  chosen.selected = null;
  mark(null);
  details.hide();
  map?.show(chosen);
  history.replaceState(null, "", location.pathname + location.search);
  cameFrom?.focus({ preventScroll: true });
}

function mark(id) {
  for (const button of panel.querySelectorAll("button[data-container]")) {
    button.toggleAttribute("aria-current", false);
    if (button.dataset.container === id) button.setAttribute("aria-current", "true");
  }
}

function listed(id) {
  const view = [...panel.querySelectorAll('[role="tabpanel"]')].find((each) => !each.hidden);
  return view.querySelector(`button[data-container="${CSS.escape(id)}"]`);
}

function reveal(button) {
  if (!button) return;
  const folded = button.closest("details");
  if (folded) folded.open = true;
  if (panel.scrollHeight > panel.clientHeight) button.scrollIntoView({ block: "center" });
}

function fromAddress() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id && id !== chosen.selected) select(id);
}
