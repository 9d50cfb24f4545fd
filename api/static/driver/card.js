// The stop at hand, readable at arm's length, and the buttons for it.

import { el } from "../elements.js";
import { page, percent, say } from "../words.js";
import { STEPS, button, metres, minutes, pictogram, placeOf, tonnes, vessel } from "./parts.js";

const SHOWN_DIRECTIONS = 3;

export function card(line, before, { isNext, onNavigate }) {
  return [
    el(
      "div",
      { class: "card__head" },
      el("span", { class: "card__number", "aria-hidden": "true" }, line.number ? String(line.number) : "↓"),
      el(
        "div",
        {},
        el("p", { class: "card__when" }, `${say(isNext ? "next_stop" : "chosen_stop")} · ${say("around", { time: line.arrival })}`),
        el("h2", { class: "card__place" }, line.kind === "disposal" ? say("unload_at", { place: placeOf(line) }) : placeOf(line)),
        facts(line),
      ),
    ),
    ...breaks(before),
    line.stop?.accessNote
      ? el("p", { class: "card__note" }, el("strong", {}, `${say("note")}: `), line.stop.accessNote)
      : null,
    el("div", { class: "card__body" }, way(line, onNavigate), line.stop?.photo ? picture(line) : null),
  ];
}

function facts(line) {
  if (!line.stop) return el("p", { class: "card__facts" }, say("unload_expected", { weight: tonnes(line.unloadKg) }));
  const { containerKind, fill, reason } = line.stop;
  const loose = containerKind === "loose";
  const name = `${page.fractions[line.fraction]} · ${page.kinds[containerKind]}`;
  return el(
    "div",
    { class: "card__facts" },
    pictogram(line.fraction),
    el("p", {}, name, loose ? "" : " · ", loose ? "" : el("span", { class: "card__id" }, line.ref)),
    el("p", { class: "card__reason" }, loose ? reason : say("expected", { fill: percent(fill) })),
  );
}

function breaks(before) {
  return before
    .filter((line) => line.kind === "break")
    .map((line) => el("p", { class: "card__break" }, say("break_before", { minutes: lasting(line), time: line.arrival })));
}

export function lasting(line) {
  const seconds = (text) => text.slice(0, 5).split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return (seconds(line.departure) - seconds(line.arrival) + 1440) % 1440;
}

function picture(line) {
  const alt = say("photo_of_stop", { place: placeOf(line) });
  return el("img", { class: "card__photo", src: line.stop.photo, alt, width: 480, height: 360 });
}

function way(line, onNavigate) {
  const all = line.directions.map(({ text, lengthM }) => (
    el("li", {}, el("span", {}, text), el("span", { class: "way__length" }, lengthM >= 10 ? metres(lengthM) : ""))
  ));
  const more = all.length > SHOWN_DIRECTIONS + 1 ? all.splice(SHOWN_DIRECTIONS) : [];
  return el(
    "div",
    { class: "way" },
    el("h3", {}, `${say("way")}: ${metres(line.lengthM)} · ${minutes(line.driveS)}`),
    el("ol", {}, ...all),
    more.length
      ? el("details", {}, el("summary", { class: "touch" }, say("whole_way", { n: all.length + more.length })), el("ol", {}, ...more))
      : null,
    button(say("navigate"), onNavigate, "touch card__navigate", { "aria-haspopup": "dialog" }),
  );
}

// One tap is enough: the step of the fill says that it was emptied.
export function buttons(line, { onEmptied, onUnloaded, onException }) {
  const problem = () => button(say("problem"), onException, "touch touch--problem", { "aria-haspopup": "dialog" });
  if (line.kind === "disposal") return [button(say("unloaded"), onUnloaded, "touch touch--done")];
  if (line.stop.containerKind === "loose") return [button(say("taken"), () => onEmptied(null), "touch touch--done"), problem()];
  return [
    el("p", { class: "actions__asks", id: "asks" }, say("emptied_how_full")),
    el(
      "div",
      { class: "steps", role: "group", "aria-labelledby": "asks" },
      ...STEPS.map(({ fill, word }) => (
        el("button", { type: "button", class: "step", "aria-label": say(`${word}_name`), onclick: () => onEmptied(fill) },
          vessel(fill), el("span", { "aria-hidden": "true" }, say(word)))
      )),
    ),
    problem(),
  ];
}
