// The map of a shift: the way to the next stop stands out from the rest of the route.

import { token } from "../marks.js";
import { baseStyle, nameLayers } from "../style.js";
import { calm, say } from "../words.js";

const PADDING = 48;
const SEMIBOLD = ["Source Sans Semibold"];
const LINE = { "line-cap": "round", "line-join": "round" };
const NUMBERS = { open: null, emptied: "", "not-emptied": "!" };

export class ShiftMap {
  constructor(container, found) {
    this.found = found;
    this.ends = endsOf(found);
    this.map = new maplibregl.Map({
      container,
      style: baseStyle(),
      bounds: boxOf(found.geometry.coordinates),
      fitBoundsOptions: { padding: PADDING },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 19,
      fadeDuration: 0,
      locale: { "Map.Title": say("map") },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.ready = new Promise((resolve) => this.map.once("load", () => resolve(this.#fill())));
  }

  #fill() {
    const { map } = this;
    const empty = { type: "geojson", data: collection([]) };
    map.addSource("route", { type: "geojson", data: lineOf(this.found.geometry.coordinates) });
    map.addSource("leg", empty);
    map.addSource("stops", empty);
    map.addLayer(line("route-casing", "route", "drive-casing-color", 7));
    map.addLayer(line("route-line", "route", "drive-route-color", 4));
    for (const layer of nameLayers()) map.addLayer(layer);
    map.addLayer(line("leg-casing", "leg", "drive-casing-color", 13));
    map.addLayer(line("leg-line", "leg", "drive-leg-color", 9));
    for (const layer of stopLayers()) map.addLayer(layer);
  }

  show(lines, current) {
    this.current = current;
    this.map.getSource("stops").setData(collection(lines.filter((each) => each.coordinates && each.isWork).map((each) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: each.coordinates },
      properties: {
        state: lines[current] === each ? "current" : each.state,
        text: NUMBERS[each.state] ?? (each.number ? String(each.number) : "↓"),
      },
    }))));
    this.map.getSource("leg").setData(lineOf(this.#leg()));
  }

  #leg() {
    const end = this.ends[this.current];
    if (end === undefined) return [];
    const start = this.ends.slice(0, this.current).findLast((each) => each !== undefined) ?? 0;
    return this.found.geometry.coordinates.slice(start, end + 1);
  }

  toNext() {
    const at = this.found.lines[this.current]?.coordinates;
    if (at) this.#fit([...this.#leg(), at], 17);
  }

  whole() {
    this.#fit(this.found.geometry.coordinates, 16);
  }

  #fit(points, maxZoom) {
    this.map.fitBounds(boxOf(points), { padding: PADDING, maxZoom, duration: calm ? 0 : 500 });
  }

  close() {
    this.map.remove();
  }
}

// Where on the driven line each line of the shift ends: its nearest point within the length of its leg,
// for a truck may pass the same place again later.
function endsOf({ geometry: { coordinates }, lines }) {
  let from = 0;
  return lines.map(({ coordinates: at, lengthM }) => {
    if (!at) return undefined;
    let [best, least, driven] = [from, Infinity, 0];
    for (let i = from; i < coordinates.length && driven <= lengthM * 1.3 + 150; i += 1) {
      const distance = metres(coordinates[i], at);
      if (distance < least) [least, best] = [distance, i];
      driven += i > from ? metres(coordinates[i - 1], coordinates[i]) : 0;
    }
    from = best;
    return best;
  });
}

const metres = ([lon1, lat1], [lon2, lat2]) => (
  Math.hypot((lon2 - lon1) * Math.cos((lat1 * Math.PI) / 180), lat2 - lat1) * 111_195
);

function line(id, source, colour, width) {
  return { id, type: "line", source, layout: LINE, paint: { "line-color": token(colour), "line-width": width } };
}

// A stop that is done is small; one that could not be has a mark; the next one is large.
function stopLayers() {
  const state = (current, open, failed, done) => (
    ["match", ["get", "state"], "current", current, "open", open, "not-emptied", failed, done]
  );
  return [
    {
      id: "stops", type: "circle", source: "stops",
      paint: {
        "circle-radius": state(17, 12, 12, 7),
        "circle-color": state(token("drive-leg-color"), token("drive-route-color"), token("drive-failed-color"), token("drive-done-color")),
        "circle-stroke-color": token("drive-casing-color"),
        "circle-stroke-width": state(4, 2, 2, 2),
      },
    },
    {
      id: "numbers", type: "symbol", source: "stops",
      layout: {
        "text-field": ["get", "text"], "text-font": SEMIBOLD, "text-size": state(19, 14, 16, 10),
        "text-allow-overlap": true, "text-ignore-placement": true,
      },
      paint: { "text-color": token("drive-number-color") },
    },
  ];
}

function boxOf(points) {
  const box = new maplibregl.LngLatBounds();
  for (const point of points) box.extend(point);
  return box;
}

const lineOf = (coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } });
const collection = (features) => ({ type: "FeatureCollection", features });
