// The driver's page: one truck's day, stop by stop, with or without network.

import { el } from "../elements.js";
import { page, say } from "../words.js";
import { buttons, card } from "./card.js";
import * as device from "./device.js";
import { rows } from "./list.js";
import { forget, layIn, register } from "./offline.js";
import { button, dayName, placeOf, saidOf } from "./parts.js";
import * as queue from "./queue.js";
import { canSeal, keepPhoto, shrunk } from "./sealed.js";
import { askException, askWeight, showApps } from "./sheets.js";
import { keptShift, keptShifts, merged, progress, shift, shifts } from "./shift.js";
import { prepareSharing, shareFor, stop as stopSharing } from "./sharing.js";
import { ShiftMap } from "./shift-map.js";
import { instead, logIn, notesOf } from "./told.js";

const LOOK_AGAIN_MS = 30_000;
const REST_MS = 600;
const ROWS_BEFORE_PX = 120;
const at = (id) => document.getElementById(id);

const now = {
  shifts: null,
  found: null,
  problem: null,
  own: [],
  lines: [],
  next: -1,
  chosen: null,
  sending: "sent",
  readiness: "getting_ready",
  prepared: null,
  sharing: "",
  isNew: false,
};
// False while it is being made, and where it cannot be.
let map = null;

// ---- what is known

async function begin() {
  now.problem = "late";
  now.shifts = (await keptShifts()) ?? null;
  const vehicleId = truckOf(now.shifts);
  now.found = (vehicleId && (await keptShift(vehicleId))) || null;
  draw();
}

async function look() {
  const { found, problem } = await shifts();
  now.problem = problem;
  now.shifts = found;
  const vehicleId = truckOf(found);
  if (vehicleId) await open(vehicleId);
  else now.found = null;
  draw();
}

// Crews change trucks overnight: who was chosen for another day is asked again.
function truckOf(found) {
  const [day, vehicleId] = JSON.parse(localStorage.getItem(`stadsronde-truck-${page.municipality}`) ?? "[]");
  return found?.day && found.day === day ? vehicleId : null;
}

async function open(vehicleId) {
  const before = now.found;
  const { found, problem } = await shift(vehicleId);
  now.problem = problem ?? now.problem;
  now.found = found;
  if (!found) return;
  if (before?.planId !== found.planId || before.vehicleId !== vehicleId) {
    now.isNew = before?.vehicleId === vehicleId;
    now.chosen = null;
    dropMap();
  }
  prepare(found, problem);
}

// Once a shift; who opens the page without network has what was laid in before.
async function prepare(found, problem) {
  const name = `${found.planId} ${found.vehicleId}`;
  if (problem) {
    if (now.prepared !== name) now.readiness = navigator.serviceWorker?.controller ? "ready" : "not_ready";
    return;
  }
  if (now.prepared === name) return;
  now.prepared = name;
  now.readiness = "getting_ready";
  try {
    const canKeep = await register();
    if (canKeep) await layIn(found);
    now.readiness = canKeep ? "ready" : "not_ready";
  } catch (error) {
    console.info("not kept:", error.message);
    now.readiness = "not_ready";
    now.prepared = null;
  }
  drawNetwork();
}

function choose({ vehicleId }) {
  localStorage.setItem(`stadsronde-truck-${page.municipality}`, JSON.stringify([now.shifts.day, vehicleId]));
  look();
}

// ---- what is done

async function tap(kind, line, more = {}) {
  rest(at("buttons"));
  const { vehicleId, planId, day } = now.found;
  const made = await queue.record({ kind, ref: line.ref, vehicleId, planId, day, ...more });
  now.chosen = null;
  await read();
  draw({ said: made, line });
  send();
  return made;
}

const undo = (made) => tap("undo", lineOf(made) ?? { ref: made.ref }, { undoes: made.key });

function lineOf({ ref }) {
  return now.lines.find((line) => line.ref === ref);
}

async function read() {
  now.own = await queue.taps();
}

async function send() {
  // What is tapped while the last ones are being sent must not wait for the next look.
  do {
    now.sending = "sending";
    drawNetwork();
    now.sending = await queue.send(() => read().then(() => draw()));
    await read();
  } while (now.sending === "sent" && now.own.some(queue.isWaiting));
  draw();
}

async function addPhoto(made, input) {
  const [file] = input.files;
  if (!file) return;
  try {
    await keepPhoto(made.key, await shrunk(file));
  } catch {
    at("last").append(el("p", { class: "field__error" }, say("photo_failed")));
    return;
  }
  await queue.change(made, { photo: "waiting" });
  await read();
  draw({ said: { ...made, photo: "waiting" }, line: lineOf(made) });
  send();
}

// ---- what is shown

function draw(last = null) {
  const { found } = now;
  if (found) Object.assign(now, progress(found, merged(found, now.own)));
  shareFor(found);
  drawTold();
  drawHead();
  drawNetwork();
  const current = now.chosen ?? now.next;
  for (const id of ["card", "list", "actions", "room"]) at(id).hidden = !found;
  document.body.dataset.shift = found ? "open" : "none";
  if (last) drawLast(last);
  if (!found) return;
  drawStop(current, Boolean(last));
  drawList(current);
  drawMap(current);
}

// A part is made anew only where it changed, so that whoever reads or holds it is not disturbed.
function redraw(target, content, sign) {
  const signed = JSON.stringify(sign);
  if (target.dataset.sign === signed) return false;
  target.dataset.sign = signed;
  target.replaceChildren(...content().filter(Boolean));
  return true;
}

function drawStop(current, isTapped) {
  const line = now.lines[current];
  const sign = [now.found.planId, now.found.vehicleId, current, now.next];
  const handlers = {
    isNext: current === now.next,
    onNavigate: () => showApps(line),
    onEmptied: (fill) => tap("emptied", line, { fill }),
    onUnloaded: () => tap("unloaded", line),
    onException: () => askException(line, (exception) => tap("exception", line, { exception })),
  };
  const isNew = redraw(at("card"), () => (line ? card(line, before(current), handlers) : allDone()), sign);
  redraw(at("buttons"), () => (line ? buttons(line, handlers) : []), sign);
  if (isNew && isTapped) {
    rest(at("buttons"));
    toCard();
  }
}

// A glove that taps twice must not empty the next container too.
function rest(part) {
  const every = [...part.querySelectorAll("button")];
  for (const each of every) each.disabled = true;
  setTimeout(() => {
    for (const each of every) each.disabled = false;
  }, REST_MS);
}

function before(current) {
  const start = now.lines.findLastIndex((line, i) => i < current && line.isWork);
  return now.lines.slice(start + 1, current);
}

function allDone() {
  const depot = now.lines.at(-1);
  return [el("h2", { class: "card__place" }, say("all_done")), el("p", {}, say("back_to", { place: placeOf(depot) }))];
}

function drawList(current) {
  const sign = [now.found.planId, now.found.vehicleId, current, now.lines.map((line) => line.taps.map((each) => [each.key, each.state]))];
  const handlers = { vehicleId: now.found.vehicleId, onChoose: pick, onUndo: undo };
  const isNew = redraw(at("list").querySelector("ol"), () => rows(now.lines, current, handlers), sign);
  // On a tablet the list scrolls by itself, beside the stop.
  const row = at("list").querySelector("[aria-current]");
  if (isNew && row) at("list").scrollTop = row.offsetTop - at("list").offsetTop - ROWS_BEFORE_PX;
}

function pick(index) {
  now.chosen = index;
  draw();
  toCard();
}

function toCard() {
  at("card").focus({ preventScroll: true });
  for (const id of ["card", "content"]) at(id).scrollTop = 0;
}

// The last tap, with what can still be done about it; it stays until the next one.
function drawLast({ said, line }) {
  const parts = [el("p", {}, saidOf(said, line))];
  if (said.kind !== "undo") {
    parts.push(button(say("undo"), () => undo(said)));
    if (said.exception && canSeal) parts.push(photoButton(said));
    if (["emptied", "unloaded"].includes(said.kind) && line.stop?.containerKind !== "loose") {
      parts.push(button(say("weigh"), () => weigh(said, line), "touch", { "aria-haspopup": "dialog" }));
    }
  }
  at("last").replaceChildren(...parts);
}

// What was tapped is taken back and told again with its weight, at the time of the lift.
function weigh({ kind, fill, at: lifted, ...made }, line) {
  askWeight(async (weightKg) => {
    await undo(made);
    await tap(kind, line, { fill, weightKg, at: lifted });
  });
}

function photoButton(made) {
  if (made.photo) return el("p", {}, say("photo_waits"));
  const input = el("input", {
    type: "file", accept: "image/*", capture: "environment", onchange: (event) => addPhoto(made, event.target),
  });
  return el("label", { class: "touch touch--file" }, say("add_photo"), input);
}

function drawHead() {
  const { found, lines } = now;
  const stops = lines.filter((line) => line.kind === "stop");
  const finished = stops.filter((line) => line.state !== "open").length;
  at("truck").textContent = found?.vehicleName ?? say("drive");
  at("progress").textContent = found
    ? `${dayName(found.day, "short")} · ${say("stops_finished", { stops: stops.length, finished })}`
    : "";
  at("other-truck").hidden = !now.shifts?.shifts.length;
}

function drawNetwork() {
  const n = now.own.filter(queue.isWaiting).length;
  const parts = [n ? say(n === 1 ? "waiting_one" : "waiting_many", { n }) : say("sent")];
  if (n && now.sending === "sending") parts.push(say("sending"));
  if (now.sharing) parts.push(say(now.sharing));
  const isOut = [now.sending, now.problem].includes("logged-out");
  const content = [el("span", {}, parts.join(" · ")), isOut ? logIn(n ? "log_in_to_send" : "log_in") : null];
  redraw(at("network"), () => content, [parts, isOut]);
  at("network").dataset.waits = String(Boolean(n) || isOut);
  at("readiness").textContent = now.found ? say(now.readiness) : "";
  document.body.dataset.readiness = now.found ? now.readiness : "";
}

// What a crew should know, and what stands in the page's place while there is no shift to show.
function drawTold() {
  const { found, problem } = now;
  const seen = new Set(JSON.parse(localStorage.getItem("stadsronde-seen") ?? "[]"));
  const ofPlan = now.isNew ? [[`plan ${found.planId}`, say("plan_is_new")]] : [];
  const notes = [...now.own.flatMap((each) => notesOf(each, lineOf(each))), ...ofPlan].filter(([key]) => !seen.has(key));
  const sign = [notes, found?.planId, problem, now.shifts];
  redraw(at("told"), () => [
    ...notes.map(([key, text]) => el("div", { class: "told", role: "alert" }, el("p", {}, text), button(say("understood"), () => {
      localStorage.setItem("stadsronde-seen", JSON.stringify([...seen, key].slice(-200)));
      draw();
    }))),
    ...(found?.notices ?? []).slice(page.hasNotice ? 1 : 0).map((text) => el("p", { class: "told told--quiet" }, text)),
    ...(found ? [] : instead({ ...now, vehicleId: truckOf(now.shifts) }, choose)),
  ], sign);
}

async function drawMap(current) {
  if (map === null) return makeMap();
  if (!map) return;
  const moved = map.current !== current;
  map.show(now.lines, current);
  if (moved) map.toNext();
}

async function makeMap() {
  map = false;
  try {
    const made = new ShiftMap("map", now.found);
    await made.ready;
    map = made;
    map.show(now.lines, now.chosen ?? now.next);
    map.toNext();
    at("room").dataset.drawn = "true";
  } catch (error) {
    console.info("no map:", error.message);
    at("map").replaceChildren();
    at("room").querySelector(".room__missing").hidden = false;
  }
}

function dropMap() {
  if (!map) return;
  map.close();
  map = null;
}

// ---- what happens

prepareSharing((word) => {
  now.sharing = word;
  at("sharing-state").textContent = word ? say(word) : "";
  drawNetwork();
});
at("open-menu").addEventListener("click", () => at("menu").showModal());
at("other-truck").addEventListener("click", () => {
  localStorage.removeItem(`stadsronde-truck-${page.municipality}`);
  at("menu").close();
  at("last").replaceChildren();
  look();
});
at("to-next").addEventListener("click", () => map?.toNext?.());
at("whole-route").addEventListener("click", () => map?.whole?.());
for (const input of document.querySelectorAll('input[name="look"]')) {
  input.checked = input.value === (localStorage.getItem("stadsronde-look") ?? "auto");
  input.addEventListener("change", () => {
    localStorage.setItem("stadsronde-look", input.value);
    window.dispatchEvent(new Event("look-chosen"));
  });
}
window.addEventListener("look-changed", () => {
  dropMap();
  if (now.found) drawMap();
});
at("log-out")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  await stopSharing();
  await forget();
  for (const name of ["shifts", ...page.languages.map((language) => `shift ${now.found?.vehicleId} ${language}`)]) {
    await device.remove("kept", name);
  }
  event.target.submit();
});

async function again() {
  await look();
  await send();
}

window.addEventListener("online", again);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
setInterval(() => document.visibilityState === "visible" && again(), LOOK_AGAIN_MS);

await queue.forgetOld();
await read();
await begin();
await again();
