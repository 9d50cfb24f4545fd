// Each truck's day as a line: its trips, where it empties, its break; and the same as a table.

import { el, svg } from "./elements.js";
import { number, say } from "./words.js";

const HOUR_S = 3600;
const HEIGHT = 20;

export class TimeLine {
  constructor(root, onTruck) {
    this.rows = root.querySelector(".time-line__rows");
    this.table = root.querySelector(".time-line__table div");
    this.onTruck = onTruck;
  }

  show(plan) {
    const routes = plan.routes.map((route, index) => ({ ...route, colour: (index % 8) + 1, days: dayOf(route) }));
    const from = Math.floor(Math.min(6 * HOUR_S, ...routes.map((route) => route.days.startS)) / HOUR_S);
    const to = Math.ceil(Math.max(from * HOUR_S + HOUR_S, ...routes.map((route) => route.days.endS)) / HOUR_S);
    this.rows.replaceChildren(axis(from, to), ...routes.map((route) => this.#row(route, from * HOUR_S, to * HOUR_S)));
    this.table.replaceChildren(table(routes));
  }

  #row(route, fromS, toS) {
    const share = (s) => (100 * (s - fromS)) / (toS - fromS);
    const part = (kind, [startS, endS], y, height, title) =>
      svg("rect", { class: `bar bar--${kind}`, x: share(startS), width: Math.max(0.15, share(endS) - share(startS)), y, height }, svg("title", {}, title));
    const { days } = route;
    return el("div", { class: `time-row truck-${route.colour}`, "data-vehicle": route.vehicleId },
      el("button", { type: "button", class: "time-row__name", "data-only": route.vehicleId, "aria-pressed": "false", title: route.vehicleName }, route.vehicleId),
      svg("svg", { viewBox: `0 0 100 ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
        part("out", [days.startS, days.endS], HEIGHT / 2 - 1, 2, route.vehicleName),
        ...days.trips.map((trip, n) => part("trip", [trip.startS, trip.endS], 3, HEIGHT - 6, tripText(trip, n))),
        ...days.stops.map((s) => svg("rect", { class: "bar bar--stop", x: share(s) - 0.04, width: 0.08, y: 3, height: HEIGHT - 6 })),
        ...days.disposals.map((visit) => part("disposal", [visit.arrivalS, visit.departureS], 1, HEIGHT - 2, siteText(visit))),
        ...days.breaks.map((visit) => part("break", [visit.arrivalS, visit.departureS], 5, HEIGHT - 10, pauseText(visit)))));
  }
}

function dayOf(route) {
  const { visits } = route;
  const trips = [];
  let trip = null;
  for (const visit of visits) {
    if (visit.kind === "stop") {
      trip ??= { startS: visit.arrivalS, start: visit.arrival, stops: 0 };
      Object.assign(trip, { endS: visit.departureS, end: visit.departure, stops: trip.stops + 1 });
    }
    if ((visit.kind === "disposal" || visit.kind === "end") && trip) {
      trips.push(trip);
      trip = null;
    }
  }
  return {
    startS: visits[0].departureS,
    endS: visits.at(-1).arrivalS,
    trips,
    stops: visits.filter((visit) => visit.kind === "stop").map((visit) => visit.arrivalS),
    disposals: visits.filter((visit) => visit.kind === "disposal"),
    breaks: visits.filter((visit) => visit.kind === "break"),
  };
}

function tripText(trip, n) {
  return say("trip", { n: n + 1, from: trip.start, to: trip.end, stops: trip.stops });
}

function siteText(visit) {
  return say("disposal_at", { place: visit.name || visit.ref, from: visit.arrival, to: visit.departure });
}

function pauseText(visit) {
  return say("pause_at", { from: visit.arrival, to: visit.departure });
}

function axis(from, to) {
  const hours = Array.from({ length: to - from }, (_, n) => el("span", {}, String((from + n) % 24).padStart(2, "0")));
  return el("div", { class: "time-axis", "aria-hidden": "true" }, el("span"), el("div", {}, ...hours));
}

function table(routes) {
  const heads = ["col_truck", "col_start", "col_trips", "col_disposal", "col_break", "col_end", "col_stops"];
  return el("table", { class: "containers" },
    el("thead", {}, el("tr", {}, ...heads.map((key) => el("th", { scope: "col" }, say(key))))),
    el("tbody", {}, ...routes.map(({ vehicleName, visits, stopCount, days }) =>
      el("tr", {},
        el("th", { scope: "row" }, vehicleName),
        el("td", {}, visits[0].departure),
        el("td", {}, number(days.trips.length)),
        el("td", {}, days.disposals.map((visit) => `${visit.arrival} ${visit.name}`).join(", ")),
        el("td", {}, days.breaks.map((visit) => `${visit.arrival}–${visit.departure}`).join(", ")),
        el("td", {}, visits.at(-1).arrival),
        el("td", {}, number(stopCount))))));
}
