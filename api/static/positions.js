// Where trucks are whose crews share it: a mark on the map, and a line at their round.

import { el } from "./elements.js";
import { page, say } from "./words.js";

const marks = new Map();

// `map` is MapLibre's, or nothing where no map could be drawn.
export function showPositions(positions, plan, map) {
  const trucks = plan.routes.map((route) => route.vehicleId);
  const shown = new Map(positions.filter(({ vehicleId }) => trucks.includes(vehicleId)).map((each) => [each.vehicleId, each]));
  for (const round of document.querySelectorAll(".round")) {
    const found = shown.get(round.dataset.vehicle);
    round.querySelector(".round__place").textContent = found ? told(found, plan) : "";
  }
  for (const [vehicleId, mark] of marks) if (!shown.has(vehicleId)) forget(vehicleId, mark);
  if (map) for (const each of shown.values()) place(each, plan, map);
}

function place(each, plan, map) {
  const mark = marks.get(each.vehicleId) ?? made(each.vehicleId, map);
  const element = mark.getElement();
  element.title = told(each, plan);
  element.setAttribute("aria-label", `${each.vehicleId}: ${element.title}`);
  mark.setLngLat(each.coordinates);
}

function made(vehicleId, map) {
  const colour = document.querySelector(`.round[data-vehicle="${CSS.escape(vehicleId)}"]`)?.className.match(/truck-\d/)?.[0] ?? "";
  const element = el("div", { class: `truck-place ${colour}` }, vehicleId);
  const mark = new maplibregl.Marker({ element }).setLngLat([0, 0]).addTo(map);
  // The list tells it too; on the map it is no control.
  element.removeAttribute("tabindex");
  element.setAttribute("role", "img");
  marks.set(vehicleId, mark);
  return mark;
}

function forget(vehicleId, mark) {
  mark.remove();
  marks.delete(vehicleId);
}

function told({ at, coordinates, vehicleId }, plan) {
  const time = new Intl.DateTimeFormat(page.language === "nl" ? "nl-NL" : "en-GB", {
    hour: "2-digit", minute: "2-digit", timeZone: page.timeZone,
  }).format(new Date(at));
  const near = nearest(coordinates, plan.choices.filter((choice) => choice.vehicleId === vehicleId && choice.coordinates));
  return near ? say("seen_near", { time, place: near.address || near.containerId }) : say("seen_at", { time });
}

function nearest([lon, lat], choices) {
  const narrow = Math.cos((lat * Math.PI) / 180);
  const away = ({ coordinates: [x, y] }) => Math.hypot((x - lon) * narrow, y - lat);
  return choices.reduce((best, each) => (best && away(best) <= away(each) ? best : each), null);
}
