// The map's look: the base map from the city's own extract, and the plan above it.

import { token } from "./marks.js";
import { page } from "./words.js";

const REGULAR = ["Source Sans Regular"];
const SEMIBOLD = ["Source Sans Semibold"];

// Round joins are many small triangles; a line of a pixel or two looks the same without.
const LINE_ENDS = { "line-cap": ["step", ["zoom"], "butt", 14, "round"], "line-join": ["step", ["zoom"], "miter", 14, "round"] };

function layer(name) {
  const version = encodeURIComponent(page.baseMap.version);
  return { type: "geojson", data: `${location.origin}/v1/base-map/${name}?v=${version}` };
}

function grown(...stops) {
  return ["interpolate", ["exponential", 1.5], ["zoom"], ...stops];
}

function classIs(...classes) {
  return ["in", ["get", "class"], ["literal", classes]];
}

// Widths in pixels at zoom 14 and 18, from the least road to the greatest. A whole city at once shows
// its main roads alone: the others would be thinner than a pixel, and there are tens of thousands.
const ROADS = [
  { id: "service", classes: ["service", "pedestrian"], from: 13.5, casing: [1.4, 7], street: [0.8, 5.4] },
  { id: "street", classes: ["street", "tertiary"], from: 12.5, casing: [3, 15], street: [2.1, 13] },
  { id: "main", classes: ["secondary", "primary", "motorway"], from: 0, casing: [4.6, 21], street: [3.4, 18.6] },
];

export function baseStyle() {
  const glyphs = `${location.origin}/glyphs/{fontstack}/{range}.pbf`;
  if (!page.baseMap) return { version: 8, glyphs, sources: {}, layers: [background("map-ground-color")] };
  const sources = Object.fromEntries(page.baseMap.layers.map((name) => [name, layer(name)]));
  const layers = [
    background("map-edge-color"),
    area("land", "map-ground-color"),
    area("green", "map-green-color"),
    area("paved", "map-paved-color"),
    area("water", "map-water-color"),
    waterways(),
    rails(),
    paths(),
    ...ROADS.map(({ id, classes, from, casing }) => road(`${id}-casing`, classes, "map-street-casing-color", casing, from)),
    ...ROADS.map(({ id, classes, from, street }) => road(id, classes, "map-street-color", street, from)),
    buildings(),
    trees(),
  ];
  return { version: 8, glyphs, sources, layers: layers.filter(isDrawn) };
}

// An extract need not hold every layer.
function isDrawn({ source }) {
  return source === undefined || page.baseMap.layers.includes(source);
}

function background(colour) {
  return { id: "background", type: "background", paint: { "background-color": token(colour) } };
}

function area(source, colour) {
  return { id: source, type: "fill", source, paint: { "fill-color": token(colour) } };
}

function waterways() {
  return {
    id: "waterway", type: "line", source: "waterway",
    paint: { "line-color": token("map-water-color"), "line-width": grown(14, 1, 18, 6) },
  };
}

function rails() {
  return {
    id: "rail", type: "line", source: "rail",
    paint: { "line-color": token("map-rail-color"), "line-width": grown(14, 0.7, 18, 2) },
  };
}

function paths() {
  const made = road("path", ["path"], "map-path-color", [0.6, 2], 15);
  made.paint["line-dasharray"] = [3, 2];
  return made;
}

function buildings() {
  return {
    id: "building", type: "fill", source: "building",
    paint: {
      "fill-color": token("map-building-color"),
      "fill-outline-color": token("map-building-line-color"),
      "fill-opacity": ["interpolate", ["linear"], ["zoom"], 13, 0.4, 15, 1],
    },
  };
}

function trees() {
  return {
    id: "tree", type: "circle", source: "tree", minzoom: 16,
    paint: { "circle-color": token("map-tree-color"), "circle-radius": grown(16, 1.6, 19, 7), "circle-opacity": 0.55 },
  };
}

function road(id, classes, colour, [near, far], minzoom) {
  return {
    id,
    type: "line",
    source: "road",
    minzoom,
    filter: ["all", classIs(...classes), ["!=", ["get", "tunnel"], 1]],
    layout: LINE_ENDS,
    paint: { "line-color": token(colour), "line-width": grown(11, near / 3, 14, near, 18, far) },
  };
}

// Names stand where they were found to fit along a street; the map turns them with it.
export function nameLayers() {
  if (!page.baseMap) return [];
  return [
    names("street-names", "street", 14, REGULAR, "map-label-color"),
    names("area-names", "area", 15, REGULAR, "map-area-label-color"),
    names("quarter-names", "quarter", 12, SEMIBOLD, "map-label-color"),
  ].filter(isDrawn);
}

function names(id, kind, minzoom, font, colour) {
  return {
    id,
    type: "symbol",
    source: "label",
    minzoom,
    filter: ["==", ["get", "class"], kind],
    layout: {
      "text-field": ["get", "name"],
      "text-font": font,
      "text-size": ["interpolate", ["linear"], ["zoom"], 14, 11, 17, 14.5],
      "text-rotate": ["get", "angle"],
      "text-rotation-alignment": "map",
      "text-padding": 8,
      "text-letter-spacing": kind === "quarter" ? 0.08 : 0.02,
      "text-max-width": kind === "street" ? 40 : 8,
      "symbol-sort-key": ["get", "rank"],
    },
    paint: {
      "text-color": token(colour),
      "text-halo-color": token("map-halo-color"),
      "text-halo-width": 1.6,
    },
  };
}

// Routes keep to the right of the street's middle, so that out and back lie side by side, and
// each truck has a lane of its own. The arrows must follow their line: same figures for both.
const LANES = [[11, 0.15], [13, 0.7], [15, 1.3], [16, 1.9], [18, 4]];
const SLOTS = 8;
const ROUTE_WIDTH = grown(11, 1.2, 13, 1.8, 15, 3, 17, 5.6, 18, 7.6);
const ROUTE_CASING = grown(13, 3, 15, 5, 17, 8.2, 18, 10.6);
const ARROW_SIZE = [[11, 0.5], [13, 0.5], [15, 0.62], [16, 0.75], [18, 1.2]];

function lane(slot) {
  return 1 + slot * 2.7;
}

function offsets() {
  const stops = LANES.flatMap(([zoom, px]) => [zoom, ["*", ["get", "lane"], px]]);
  return ["interpolate", ["exponential", 1.5], ["zoom"], ...stops];
}

function arrowOffsets() {
  const stops = LANES.flatMap(([zoom, px], index) => {
    const bySlot = Array.from({ length: SLOTS }, (_, slot) => [slot, ["literal", [0, (lane(slot) * px) / ARROW_SIZE[index][1]]]]);
    return [zoom, ["match", ["get", "slot"], ...bySlot.flat(), ["literal", [0, 0]]]];
  });
  return ["interpolate", ["exponential", 1.5], ["zoom"], ...stops];
}

export function routeProperties(route, index) {
  const slot = index % SLOTS;
  return {
    vehicle: route.vehicleId,
    truck: slot + 1,
    colour: token(`truck-${slot + 1}-color`),
    slot,
    lane: lane(slot),
  };
}

export function routeLayers() {
  return [
    {
      id: "route-casing", type: "line", source: "routes", minzoom: 13, layout: LINE_ENDS,
      paint: { "line-color": "#fff", "line-width": ROUTE_CASING, "line-offset": offsets() },
    },
    {
      id: "routes", type: "line", source: "routes", layout: LINE_ENDS,
      paint: { "line-color": ["get", "colour"], "line-width": ROUTE_WIDTH, "line-offset": offsets() },
    },
    {
      id: "arrows", type: "symbol", source: "routes", minzoom: 14,
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 90,
        "icon-image": ["concat", "arrow-", ["get", "truck"]],
        "icon-size": ["interpolate", ["exponential", 1.5], ["zoom"], ...ARROW_SIZE.flat()],
        "icon-offset": arrowOffsets(),
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
    },
  ];
}

// Containers that stand together are drawn in a row, so that each can be read and clicked.
const MARK_SIZE = ["interpolate", ["linear"], ["zoom"], 10, 0.24, 13, 0.5, 15, 0.84, 17, 1.15];
const MARK_PX = 21;

export function rowProperties(place) {
  return { shift: [place * MARK_PX, 0] };
}

function marks(id, verdicts, image) {
  return {
    id, type: "symbol", source: "containers",
    filter: ["in", ["get", "verdict"], ["literal", verdicts]],
    layout: {
      "icon-image": image,
      "icon-size": MARK_SIZE,
      "icon-offset": ["array", "number", 2, ["get", "shift"]],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      "symbol-sort-key": ["match", ["get", "verdict"], ["must", "carried"], 1, 0],
    },
  };
}

// From empty to overfull, or from no risk to certain: light to dark, so that it reads in grey too.
export const RAMP = [[0, "#e8e2b0"], [0.4, "#e9a94b"], [0.7, "#c4502f"], [0.95, "#6d1331"]];

export function rampOf(by) {
  return ["step", ["get", by], RAMP[0][1], ...RAMP.slice(1).flat()];
}

export function caseLayer() {
  return {
    id: "cases", type: "circle", source: "cases",
    paint: { "circle-radius": 7, "circle-color": "rgba(0, 0, 0, 0)", "circle-stroke-color": "#8a1f6a", "circle-stroke-width": 2.5 },
  };
}

export function containerLayers() {
  const plain = ["concat", ["get", "verdict"], "-", ["get", "truck"]];
  const numbered = ["concat", plain, "-", ["get", "number"]];
  const left = marks("left", ["skip", "carried"], ["get", "verdict"]);
  const stops = marks("stops", ["must", "chosen"], ["step", ["zoom"], plain, 14, numbered]);
  const selected = marks("selected", [], "selected");
  const shades = {
    id: "shades", type: "circle", source: "containers", filter: [">=", ["get", "fill"], 0],
    layout: { visibility: "none", "circle-sort-key": ["get", "fill"] },
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 11, 2.5, 14, 5, 17, 10],
      "circle-stroke-color": "#fff",
      "circle-stroke-width": 1,
    },
  };
  return [shades, left, stops, { ...selected, filter: ["==", ["get", "id"], ""] }];
}
