// What a crew is told of its taps, and what stands in the page's place while there is no shift.

import { el } from "../elements.js";
import { page, say } from "../words.js";
import { clockOf, dayName, placeOf } from "./parts.js";

// The notes on one tap, each as a key to remember that it was read, and a text.
export function notesOf(tap, line) {
  const place = placeOf(line) || tap.ref;
  const why = (faults) => faults.map(({ cause, remedy }) => `${cause} ${remedy}`).join(" ");
  const notes = [];
  if (tap.state === "refused") notes.push([`${tap.key} refused`, say("refused_tap", { place, why: why(tap.faults) })]);
  if (tap.photo === "refused") notes.push([`${tap.key} photo`, say("refused_photo", { place, why: why(tap.photoFaults) })]);
  if (tap.remark) {
    const other = tap.other && { truck: tap.other.vehicleId, time: clockOf(tap.other.at) };
    notes.push([`${tap.key} ${tap.remark}`, say(`remark_${tap.remark}`, { place, ...other })]);
  }
  return notes;
}

export function logIn(word) {
  const next = location.pathname + location.search;
  return el("a", { class: "touch", href: `/log-in?${new URLSearchParams({ next, language: page.language })}` }, say(word));
}

export function instead({ shifts, problem, vehicleId }, choose) {
  const [title, text, ...more] = words(shifts, problem, vehicleId, choose);
  return [el("h2", { class: "told__title" }, title), el("p", {}, text), ...more];
}

function words(shifts, problem, vehicleId, choose) {
  if (shifts && problem === "not-on-plan") {
    return [say("not_on_plan", { truck: vehicleId }), say("choose_another"), ...trucks(shifts, choose)];
  }
  if (shifts?.shifts.length) return [say("choose_truck"), dayName(shifts.day), ...trucks(shifts, choose)];
  if (problem === "late") return [say("fetching"), say("looks_again")];
  if (problem === "logged-out") return [say("logged_out"), say("log_in_to_see"), logIn("log_in")];
  if (problem === "not-a-driver") return [say("not_a_driver"), say("log_in_as_driver"), logIn("log_in")];
  if (shifts) return [say("not_published"), say("looks_again")];
  if (problem === "no-network") return [say("needs_network_once"), say("open_with_network")];
  return [say("trouble"), say("looks_again")];
}

function trucks({ shifts }, choose) {
  return shifts.map((each) => el(
    "button",
    { type: "button", class: "touch truck", onclick: () => choose(each) },
    el("strong", {}, each.vehicleName),
    el("span", {}, each.fractions.map((fraction) => page.fractions[fraction]).join(", ")),
    el("span", {}, `${say("leaves", each)} · ${say("stops_finished", each)}`),
  ));
}
