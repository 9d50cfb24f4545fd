// The map's look: the base map from the city's own extract, and the plan above it.

import { token } from "./marks.js";

const REGULAR = ["Source Sans Regular"];
const SEMIBOLD = ["Source Sans Semibold"];

function layer(name) {
  return { type: "geojson", data: `${location.origin}/v1/base-map/${name}` };
}

function grown(...stops) {
  return ["interpolate", ["exponential", 1.5], ["zoom"], ...stops];
}

function classIs(...classes) {
  return ["in", ["get", "class"], ["literal", classes]];
}

const WIDE = ["major"];
const NARROW = ["minor"];
const YARD = ["service"];
const PATH = ["path"];

export function baseStyle() {
  return {
    version: 8,
    glyphs: `${location.origin}/glyphs/{fontstack}/{range}.pbf`,
    sources: {
      streets: layer("streets"),
      buildings: layer("buildings"),
      water: layer("water"),
      green: layer("green"),
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": token("map-ground-color") } },
      { id: "green", type: "fill", source: "green", paint: { "fill-color": token("map-green-color") } },
      { id: "water", type: "fill", source: "water", paint: { "fill-color": token("map-water-color") } },
      paths(),
      casing("yard-casing", YARD, 1.6, 7),
      casing("narrow-casing", NARROW, 3.2, 15),
      casing("wide-casing", WIDE, 4.6, 21),
      street("yard", YARD, 0.9, 5.6),
      street("narrow", NARROW, 2.2, 13),
      street("wide", WIDE, 3.4, 18.6),
      {
        id: "buildings",
        type: "fill",
        source: "buildings",
        paint: {
          "fill-color": token("map-building-color"),
          "fill-outline-color": token("map-building-line-color"),
          "fill-opacity": ["interpolate", ["linear"], ["zoom"], 13, 0.4, 15, 1],
        },
      },
    ],
  };
}

function casing(id, classes, near, far) {
  return line(id, classes, token("map-street-casing-color"), grown(14, near, 18, far));
}

function street(id, classes, near, far) {
  return line(id, classes, token("map-street-color"), grown(14, near, 18, far));
}

function paths() {
  const made = line("paths", PATH, token("map-path-color"), grown(14, 0.6, 18, 2));
  made.paint["line-dasharray"] = [3, 2];
  made.minzoom = 14.5;
  return made;
}

function line(id, classes, colour, width) {
  return {
    id,
    type: "line",
    source: "streets",
    filter: classIs(...classes),
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": colour, "line-width": width },
  };
}

export const STREET_NAMES = {
  id: "street-names",
  type: "symbol",
  source: "streets",
  minzoom: 14,
  filter: ["all", ["!=", ["coalesce", ["get", "name"], ""], ""], classIs(...WIDE, ...NARROW)],
  layout: {
    "symbol-placement": "line",
    "symbol-spacing": 320,
    "text-field": ["get", "name"],
    "text-font": REGULAR,
    "text-size": ["interpolate", ["linear"], ["zoom"], 14, 11, 17, 14.5],
    "text-max-angle": 30,
    "text-padding": 6,
    "text-letter-spacing": 0.02,
  },
  paint: {
    "text-color": token("map-label-color"),
    "text-halo-color": "rgba(255, 255, 255, 0.92)",
    "text-halo-width": 1.6,
  },
};

// Routes keep to the right of the street's middle, so that out and back lie side by side.
const OFFSET = ["interpolate", ["exponential", 1.5], ["zoom"],
  13, ["*", ["get", "lane"], 0.7], 16, ["*", ["get", "lane"], 1.9], 18, ["*", ["get", "lane"], 4]];
const ROUTE_WIDTH = grown(13, 2, 15, 3.4, 17, 6, 18, 8);
const ROUTE_CASING = grown(13, 3.4, 15, 5.6, 17, 8.8, 18, 11);

export function routeLayers() {
  const layout = { "line-cap": "round", "line-join": "round" };
  return [
    {
      id: "route-casing", type: "line", source: "routes", layout,
      paint: { "line-color": "#fff", "line-width": ROUTE_CASING, "line-offset": OFFSET, "line-opacity": 0.9 },
    },
    {
      id: "routes", type: "line", source: "routes", layout,
      paint: { "line-color": ["get", "colour"], "line-width": ROUTE_WIDTH, "line-offset": OFFSET },
    },
    {
      id: "arrows", type: "symbol", source: "routes", minzoom: 14.5,
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 70,
        "icon-image": "arrow",
        "icon-size": ["interpolate", ["linear"], ["zoom"], 14.5, 0.5, 16, 0.62, 18, 1],
        "icon-offset": ["interpolate", ["linear"], ["get", "lane"], 0, ["literal", [0, 0]], 6, ["literal", [0, 18]]],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
    },
  ];
}

export function containerLayers() {
  return [
    {
      id: "left", type: "symbol", source: "containers",
      filter: ["in", ["get", "verdict"], ["literal", ["skip", "carried"]]],
      layout: {
        "icon-image": ["get", "verdict"],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 13, 0.55, 16, 1, 18, 1.2],
        "icon-allow-overlap": true,
        "symbol-sort-key": ["case", ["==", ["get", "verdict"], "carried"], 1, 0],
      },
    },
    {
      id: "stops", type: "symbol", source: "containers",
      filter: ["in", ["get", "verdict"], ["literal", ["must", "chosen"]]],
      layout: {
        "icon-image": ["concat", ["get", "verdict"], "-", ["get", "truck"]],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 13, 0.55, 15, 0.82, 17, 1.1],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        "text-field": ["step", ["zoom"], "", 14.4, ["get", "number"]],
        "text-font": SEMIBOLD,
        "text-size": ["interpolate", ["linear"], ["zoom"], 14.4, 9, 15, 10.5, 17, 13],
        "text-allow-overlap": true,
        "text-ignore-placement": true,
        "symbol-sort-key": ["case", ["==", ["get", "verdict"], "must"], 1, 0],
      },
      paint: { "text-color": "#fff" },
    },
    {
      id: "selected", type: "symbol", source: "containers", filter: ["==", ["get", "id"], ""],
      layout: { "icon-image": "selected", "icon-allow-overlap": true, "icon-ignore-placement": true },
    },
  ];
}
