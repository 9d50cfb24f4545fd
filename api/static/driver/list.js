// All lines of the shift in their order: what is done, what is to do, what waits for network.

import { el } from "../elements.js";
import { page, say } from "../words.js";
import { lasting } from "./card.js";
import { button, nameOfException, placeOf } from "./parts.js";

const MARKS = { open: "", emptied: "✓", "not-emptied": "!" };

export function rows(lines, current, { vehicleId, onChoose, onUndo }) {
  return lines.map((line, i) => {
    const row = { "data-kind": line.kind, "data-state": line.isWork ? line.state : null };
    if (!line.isWork) return el("li", row, el("span", { class: "row__time" }, line.arrival), el("span", { class: "row__text" }, other(line)));
    const isOpen = line.state === "open";
    const content = [
      el("span", { class: "row__mark", "aria-hidden": "true" }, MARKS[line.state] || (line.number ? String(line.number) : "↓")),
      el("span", { class: "row__text" }, el("strong", {}, placeOf(line)), el("span", {}, told(line, vehicleId))),
      el("span", { class: "row__time" }, line.arrival),
    ];
    const mine = line.taps.filter((tap) => tap.vehicleId === vehicleId).at(-1);
    const choose = { type: "button", class: "row__choose", onclick: () => onChoose(i), "aria-current": i === current ? "true" : null };
    return el(
      "li",
      row,
      isOpen || line.state === "not-emptied" ? el("button", choose, ...content) : el("div", { class: "row__choose" }, ...content),
      mine ? button(say("undo"), () => onUndo(mine), "touch", { "aria-label": `${say("undo")}: ${placeOf(line)}` }) : null,
    );
  });
}

function other(line) {
  if (line.kind === "break") return say("break", { minutes: lasting(line) });
  return say(line.kind === "start" ? "leave" : "return", { place: placeOf(line) });
}

function told(line, vehicleId) {
  const parts = [line.kind === "disposal" ? say("disposal") : page.fractions[line.fraction]];
  parts.push(say(line.state.replace("-", "_")));
  for (const tap of line.taps) {
    if (tap.exception) parts.push(nameOfException(tap.exception, line));
    if (tap.vehicleId !== vehicleId) parts.push(say("by_other", { truck: tap.vehicleId }));
  }
  if (line.taps.some((tap) => tap.state === "waiting")) parts.push(say("waits"));
  return parts.join(" · ");
}
