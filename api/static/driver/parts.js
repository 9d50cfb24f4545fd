// Small parts that card, list and buttons share.

import { el, svg } from "../elements.js";
import { number, page, percent, say } from "../words.js";

export function metres(length) {
  if (length < 1000) return `${Math.round(length / 10) * 10}\u00a0${say("metre")}`;
  return `${number(length / 1000, 1)}\u00a0${say("kilometre")}`;
}

export const minutes = (seconds) => `${Math.max(1, Math.round(seconds / 60))}\u00a0${say("minutes")}`;

export const kilograms = (kg) => `${number(kg, kg % 1 ? 1 : 0)}\u00a0kg`;

export const tonnes = (kg) => (kg < 1000 ? kilograms(Math.round(kg)) : `${number(kg / 1000, 1)}\u00a0t`);

export function dayName(day, length = "long") {
  const locale = page.language === "nl" ? "nl-NL" : "en-GB";
  return new Intl.DateTimeFormat(locale, { weekday: length, day: "numeric", month: length, timeZone: "UTC" })
    .format(new Date(`${day}T12:00:00Z`));
}

export function clockOf(iso) {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: page.timeZone })
    .format(new Date(iso));
}

export function pictogram(fraction) {
  const { colour, path } = page.pictograms[fraction];
  return svg(
    "svg",
    { class: "pictogram", viewBox: "0 0 24 24", "aria-hidden": "true" },
    svg("rect", { width: 24, height: 24, rx: 5, fill: colour }),
    svg("path", { d: path, fill: "#fff", "fill-rule": "evenodd" }),
  );
}

// The four steps in which a fill at the lift is noted, as on paper.
export const STEPS = [
  { fill: 0.25, word: "quarter" },
  { fill: 0.5, word: "half" },
  { fill: 0.75, word: "three_quarters" },
  { fill: 1, word: "full" },
];

export function fillWord(fill) {
  const step = STEPS.find((each) => each.fill === fill);
  return step ? say(step.word) : percent(fill);
}

// A container seen from the side, filled so far.
export function vessel(fill) {
  const height = 26 * fill;
  return svg(
    "svg",
    { class: "vessel", viewBox: "0 0 30 36", "aria-hidden": "true" },
    svg("rect", { x: 4, y: 31 - height, width: 22, height, class: "vessel__content" }),
    svg("path", { d: "M3 4v24a4 4 0 0 0 4 4h16a4 4 0 0 0 4-4V4", class: "vessel__wall" }),
  );
}

export function placeOf(line) {
  return line?.place || line?.ref || "";
}

export function nameOfException(exception, line) {
  const loose = line?.stop?.containerKind === "loose" && exception === "empty-on-arrival";
  return loose ? say("nothing_there") : page.exceptions[exception];
}

// One tap in words.
export function saidOf(tap, line) {
  const values = { place: placeOf(line) || tap.ref };
  if (tap.kind === "undo") return say("said_undone");
  if (tap.exception) return say("said_exception", { ...values, exception: nameOfException(tap.exception, line) });
  if (tap.weightKg != null) return say(`said_${tap.kind}_kg`, { ...values, weight: kilograms(tap.weightKg) });
  if (tap.kind === "unloaded") return say("said_unloaded", values);
  if (tap.fill == null) return say("said_taken", values);
  // "half full", but "full" and not "full full".
  const fill = [...new Set([fillWord(tap.fill), say("full")])].join(" ");
  return say("said_emptied", { ...values, fill });
}

export function button(text, onclick, classes = "touch", attributes = {}) {
  return el("button", { type: "button", class: classes, onclick, ...attributes }, text);
}
