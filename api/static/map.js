// The map of a plan. It knows nothing of the list; both are told what is chosen.

import { ask } from "./asking.js";
import { el, svg } from "./elements.js";
import { TRUCKS, addMarks, token } from "./marks.js";
import { RAMP, baseStyle, caseLayer, containerLayers, nameLayers, routeLayers, rampOf, routeProperties, rowProperties } from "./style.js";
import { calm, page, percent, say } from "./words.js";

const WIDE_SCREEN = window.matchMedia("(min-width: 901px)");
const TOGETHER_M = 12;
// Cells at least that wide up to 60 degrees north.
const CELL_LON = 0.00025;
const CELL_LAT = 0.00012;
const SITE_PATHS = {
  depot: ["M2 14V6.5L8 3l6 3.5V14h-3.2V8.6H5.2V14z", "fill"],
  disposal: ["M8 1.8v7.4M4.8 6.4L8 9.6l3.2-3.2M2.5 10.5v3h11v-3", "stroke"],
};

export class PlanMap {
  // The streets can be drawn before the plan is read: the page knows where its places lie.
  constructor(container, onSelect) {
    this.onSelect = onSelect;
    this.filters = {};
    this.map = new maplibregl.Map({
      container,
      style: baseStyle(),
      bounds: page.bounds,
      fitBoundsOptions: { padding: 44 },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 19.5,
      minZoom: 9,
      fadeDuration: calm ? 0 : 200,
      locale: {
        "Map.Title": say("map"),
        "NavigationControl.ZoomIn": say("zoom_in"),
        "NavigationControl.ZoomOut": say("zoom_out"),
      },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "bottom-right");
    this.map.addControl(new maplibregl.ScaleControl({ maxWidth: 120 }), "bottom-left");
    const letters = document.fonts.load('600 12px "Source Sans"');
    this.ready = Promise.all([letters, new Promise((resolve) => this.map.once("style.load", resolve))]);
  }

  // Shows a plan, once ready; settles when all of it is drawn.
  fill(plan, chosen) {
    const { map } = this;
    this.plan = plan;
    // The time line above has taken its room by now.
    map.resize();
    map.fitBounds(page.bounds, { padding: 44, duration: 0 });
    addMarks(map);
    map.addSource("routes", { type: "geojson", data: routeFeatures(plan), tolerance: 1.5, buffer: 32 });
    map.addSource("containers", { type: "geojson", data: containerFeatures(plan) });
    for (const layer of [...routeLayers(), ...nameLayers(), ...containerLayers()]) map.addLayer(layer);
    for (const layer of ["left", "stops", "shades"]) this.filters[layer] = map.getFilter(layer);
    for (const site of plan.sites) addSite(map, site);
    this.#listen();
    this.show(chosen);
    return new Promise((resolve) => map.once("idle", resolve));
  }

  #listen() {
    const { map } = this;
    const hint = new maplibregl.Popup({ closeButton: false, closeOnClick: false, offset: 16 });
    for (const layer of ["left", "stops", "shades"]) {
      map.on("click", layer, (event) => this.onSelect(event.features[0].properties.id));
      map.on("mousemove", layer, (event) => {
        const { address, id } = event.features[0].properties;
        map.getCanvas().style.cursor = "pointer";
        hint.setLngLat(event.features[0].geometry.coordinates).setText(address || id).addTo(map);
      });
      map.on("mouseleave", layer, () => {
        map.getCanvas().style.cursor = "";
        hint.remove();
      });
    }
  }

  show({ verdicts, only, selected, colourBy }) {
    const { map } = this;
    const wanted = ["in", ["get", "verdict"], ["literal", [...verdicts]]];
    for (const layer of ["left", "stops"]) map.setLayoutProperty(layer, "visibility", colourBy ? "none" : "visible");
    map.setLayoutProperty("shades", "visibility", colourBy ? "visible" : "none");
    if (colourBy) map.setPaintProperty("shades", "circle-color", rampOf(colourBy));
    this.#ramp(colourBy);
    for (const [layer, own] of Object.entries(this.filters)) map.setFilter(layer, ["all", own, wanted]);
    map.setFilter("selected", ["==", ["get", "id"], selected ?? ""]);
    const strong = only ? ["case", ["==", ["get", "vehicle"], only], 1, 0.13] : 1;
    map.setPaintProperty("routes", "line-opacity", strong);
    map.setPaintProperty("route-casing", "line-opacity", only ? ["*", strong, 0.9] : 0.9);
    map.setPaintProperty("arrows", "icon-opacity", strong);
    map.setPaintProperty("stops", "icon-opacity", strong);
  }

  goTo(choice) {
    if (!choice?.coordinates) return;
    const offset = WIDE_SCREEN.matches ? [-190, 0] : [0, 0];
    const zoom = Math.max(this.map.getZoom(), 16.2);
    this.map.easeTo({ center: choice.coordinates, zoom, offset, duration: calm ? 0 : 500 });
  }

  // Another version of the plan, on the map as it stands.
  update(plan, chosen) {
    this.plan = plan;
    this.map.getSource("routes").setData(routeFeatures(plan));
    this.map.getSource("containers").setData(containerFeatures(plan));
    this.show(chosen);
  }

  // Cases are read when somebody first wants to see them.
  async cases(shown) {
    const { map } = this;
    if (shown && !map.getSource("cases")) {
      const answer = await ask("/v1/collections/cases/items?limit=1000");
      map.addSource("cases", { type: "geojson", data: await answer.json() });
      map.addLayer(caseLayer());
    }
    if (map.getLayer("cases")) map.setLayoutProperty("cases", "visibility", shown ? "visible" : "none");
  }

  #ramp(by) {
    const room = document.querySelector(".ramp");
    room.hidden = !by;
    if (!by) return;
    const [low, high] = by === "fill" ? [say("empty"), say("overfull")] : [percent(0), percent(1)];
    room.querySelector(".ramp__low").textContent = low;
    room.querySelector(".ramp__high").textContent = high;
    room.querySelector("svg").replaceChildren(...RAMP.map(([, colour], x) => svg("rect", { x, width: 1, height: 1, fill: colour })));
  }

  whole() {
    this.map.fitBounds(page.bounds, { padding: 44, duration: calm ? 0 : 500 });
  }

  round(vehicleId) {
    const route = this.plan.routes.find((each) => each.vehicleId === vehicleId);
    const box = boxOf(route.geometry.coordinates);
    this.map.fitBounds(box, { padding: 64, duration: calm ? 0 : 500 });
  }
}

function boxOf(points) {
  const box = new maplibregl.LngLatBounds();
  for (const point of points) box.extend(point);
  return box;
}

export function colourOf(index) {
  return (index % TRUCKS) + 1;
}

function routeFeatures(plan) {
  return collection(
    plan.routes.map((route, index) => ({
      type: "Feature",
      geometry: route.geometry,
      properties: routeProperties(route, index),
    })),
  );
}

function containerFeatures(plan) {
  const trucks = new Map(plan.routes.map((route, index) => [route.vehicleId, colourOf(index)]));
  const places = rows(plan.choices);
  return collection(
    plan.choices
      .filter((choice) => choice.coordinates)
      .map((choice) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: choice.coordinates },
        properties: {
          id: choice.containerId,
          address: choice.address,
          verdict: choice.verdict,
          vehicle: choice.vehicleId ?? "",
          truck: String(trucks.get(choice.vehicleId) ?? 1),
          fill: choice.looseWaste ? -1 : choice.fill,
          risk: choice.looseWaste ? -1 : choice.pOverflow,
          number: choice.stopNumber ? String(choice.stopNumber) : "",
          ...rowProperties(places.get(choice.containerId)),
        },
      })),
  );
}

// Where in its row each container of a cluster stands: -0.5 and 0.5 for two of them.
function rows(choices) {
  const places = new Map();
  for (const cluster of clusters(choices.filter((choice) => choice.coordinates))) {
    cluster.sort((a, b) => (a.stopNumber ?? Infinity) - (b.stopNumber ?? Infinity));
    cluster.forEach((choice, index) => places.set(choice.containerId, index - (cluster.length - 1) / 2));
  }
  return places;
}

// A container joins the first cluster that began within a few metres of it; cells spare the search.
function clusters(choices) {
  const cells = new Map();
  const found = [];
  for (const choice of choices) {
    const [lon, lat] = choice.coordinates;
    const [x, y] = [Math.floor(lon / CELL_LON), Math.floor(lat / CELL_LAT)];
    const near = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => cells.get(`${x + dx} ${y + dy}`) ?? []));
    let cluster = near.find(([first]) => metres(first.coordinates, choice.coordinates) <= TOGETHER_M);
    if (!cluster) {
      cluster = [];
      found.push(cluster);
      cells.set(`${x} ${y}`, [...(cells.get(`${x} ${y}`) ?? []), cluster]);
    }
    cluster.push(choice);
  }
  return found;
}

function metres([lon1, lat1], [lon2, lat2]) {
  return new maplibregl.LngLat(lon1, lat1).distanceTo(new maplibregl.LngLat(lon2, lat2));
}

function collection(features) {
  return { type: "FeatureCollection", features };
}

function addSite(map, site) {
  const [path, way] = SITE_PATHS[site.role];
  const drawn = { d: path, fill: "none", stroke: "none", "stroke-width": 1.8, "stroke-linecap": "round" };
  drawn[way] = "currentColor";
  const mark = el(
    "div",
    { class: `site-mark site-mark--${site.role}`, title: site.name },
    svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", drawn)),
    say(site.role),
  );
  new maplibregl.Marker({ element: mark, anchor: "bottom", offset: [0, -6] })
    .setLngLat(site.coordinates)
    .addTo(map);
  // A site is named in the list; on the map it is no control.
  mark.removeAttribute("tabindex");
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", site.name);
}
