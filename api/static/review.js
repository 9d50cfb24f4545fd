// One photo is looked over: boxes are drawn, moved, named and removed, by mouse or by keyboard.

import { ask, isLoggingIn } from "./asking.js";
import { el, svg } from "./elements.js";
import { page, say } from "./words.js";

const STEP = 0.005; // of the photo's longer side, for each press of an arrow
const LEAST = 4; // pixels; smaller is a slip of the hand

const canvas = document.getElementById("canvas");
const drawn = document.getElementById("drawn");
const list = document.getElementById("list");
const state = document.getElementById("state");
const undo = document.getElementById("undo");
const names = Object.fromEntries(page.categories.map(({ id, name }) => [id, name]));

let labels = page.labels.map(({ category, bbox }) => ({ category, bbox: [...bbox] }));
let picked = null;
let kept = JSON.stringify(labels);
const before = [];

// Work that was not saved is there again after logging in, or when somebody comes back to it.
const draft = `stadsronde-labels-${page.photoId}`;
labels = JSON.parse(sessionStorage.getItem(draft)) ?? labels;

const changed = () => JSON.stringify(labels) !== kept;
const copy = () => labels.map(({ category, bbox }) => ({ category, bbox: [...bbox] }));
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// Runs a change that can be undone.
function change(work) {
  before.push({ labels: copy(), picked });
  work();
  show();
}

function inside([left, top, width, height]) {
  width = clamp(width, LEAST, page.width);
  height = clamp(height, LEAST, page.height);
  const at = [clamp(left, 0, page.width - width), clamp(top, 0, page.height - height)];
  return [...at, width, height].map((value) => Math.round(value * 10) / 10);
}

function title(label, at) {
  return say("box_label", { n: at + 1, name: names[label.category] });
}

function show({ focus = null } = {}) {
  drawn.replaceChildren(...labels.map(drawBox));
  list.replaceChildren(...labels.map(listBox));
  document.getElementById("none").hidden = labels.length > 0;
  undo.disabled = before.length === 0;
  state.textContent = changed() ? say("unsaved") : "";
  keepDraft();
  if (focus === "box") drawn.children[picked]?.focus();
}

function keepDraft() {
  if (changed()) sessionStorage.setItem(draft, JSON.stringify(labels));
  else sessionStorage.removeItem(draft);
}

function drawBox(label, at) {
  const [left, top, width, height] = label.bbox;
  const on = at === picked;
  const radius = page.width * 0.008;
  const corners = on ? [[left, top, 0], [left + width, top, 1], [left, top + height, 2], [left + width, top + height, 3]] : [];
  return svg(
    "g",
    {
      class: `box box--${label.category}${on ? " box--picked" : ""}`,
      tabindex: "0",
      role: "button",
      "aria-label": title(label, at),
      "aria-pressed": String(on),
      "data-at": at,
      onfocus: () => pick(at),
    },
    svg("rect", { x: left, y: top, width, height, "vector-effect": "non-scaling-stroke" }),
    svg("text", { x: left, y: Math.max(top - page.height * 0.01, page.height * 0.035), "font-size": page.height * 0.04 }, names[label.category]),
    ...corners.map(([x, y, corner]) => svg("circle", { cx: x, cy: y, r: radius, "data-corner": corner, "vector-effect": "non-scaling-stroke" })),
  );
}

function listBox(label, at) {
  const options = page.categories.map(({ id, name }) => el("option", { value: id, selected: id === label.category }, name));
  const sides = ["left_px", "top_px", "width_px", "height_px"].map((key, side) =>
    el("label", {}, say(key), el("input", {
      type: "number", value: Math.round(label.bbox[side]), min: 0, max: side % 2 ? page.height : page.width,
      "aria-label": `${title(label, at)}, ${say(key)}`,
      onchange: (event) => change(() => {
        const bbox = [...label.bbox];
        bbox[side] = Number(event.target.value);
        labels[at].bbox = inside(bbox);
      }),
    })));
  return el(
    "li",
    { "data-picked": at === picked, onfocusin: () => pick(at) },
    el("div", { class: "review__first" },
      el("select", { "aria-label": `${title(label, at)}, ${say("category")}`, onchange: (event) => name(at, event.target.value) }, ...options),
      el("button", { type: "button", class: "button button--plain", "aria-label": `${say("remove_box")}: ${title(label, at)}`, onclick: () => remove(at) }, say("remove_box"))),
    el("div", { class: "review__sides" }, ...sides),
  );
}

// Only marks what is picked: making everything anew would take the focus away.
function pick(at) {
  if (picked === at) return;
  picked = at;
  [...list.children].forEach((item, i) => item.toggleAttribute("data-picked", i === at));
  const focused = document.activeElement;
  const inDrawing = drawn.contains(focused);
  drawn.replaceChildren(...labels.map(drawBox));
  if (inDrawing) drawn.children[at]?.focus();
}

const name = (at, category) => change(() => { labels[at].category = category; });

function remove(at) {
  change(() => {
    labels.splice(at, 1);
    picked = labels.length ? Math.min(at, labels.length - 1) : null;
  });
  (drawn.children[picked] ?? document.getElementById("add")).focus();
}

function add(bbox = [page.width * 0.4, page.height * 0.4, page.width * 0.2, page.height * 0.2]) {
  change(() => {
    const category = labels[picked]?.category ?? page.categories[0].id;
    labels.push({ category, bbox: inside(bbox) });
    picked = labels.length - 1;
  });
  drawn.children[picked].focus();
}

function goBack() {
  const last = before.pop();
  if (!last) return;
  ({ labels, picked } = last);
  show({ focus: "box" });
}

// --- mouse, pen and finger ---

function point(event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(canvas.getScreenCTM().inverse());
  return [at.x, at.y];
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  event.preventDefault();
  const from = point(event);
  const corner = event.target.dataset?.corner;
  const group = event.target.closest(".box");
  const at = group ? Number(group.dataset.at) : labels.length;
  const start = group ? [...labels[at].bbox] : [...from, 0, 0];
  const was = { labels: copy(), picked };
  let moved = false;
  const move = (now) => {
    const [dx, dy] = [point(now)[0] - from[0], point(now)[1] - from[1]];
    if (!moved && Math.hypot(dx, dy) < LEAST) return;
    if (!moved) {
      moved = true;
      before.push(was);
      if (!group) labels.push({ category: labels[picked]?.category ?? page.categories[0].id, bbox: start });
      picked = at;
    }
    labels[at].bbox = inside(group && corner === undefined ? moveBy(start, dx, dy) : stretched(start, Number(corner ?? 3), dx, dy));
    show();
  };
  const end = () => {
    window.removeEventListener("pointermove", move);
    if (!moved && group) pick(at);
    if (moved || group) drawn.children[at]?.focus();
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", end, { once: true });
});

function moveBy([left, top, width, height], dx, dy) {
  return [left + dx, top + dy, width, height];
}

function stretched([left, top, width, height], corner, dx, dy) {
  const xs = corner % 2 ? [left, left + width + dx] : [left + dx, left + width];
  const ys = corner > 1 ? [top, top + height + dy] : [top + dy, top + height];
  const [low, high] = [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]];
  const to = [clamp(high[0], 0, page.width), clamp(high[1], 0, page.height)];
  const at = [clamp(low[0], 0, page.width), clamp(low[1], 0, page.height)];
  return [...at, to[0] - at[0], to[1] - at[1]];
}

// --- keyboard ---

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, select");
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing) {
    event.preventDefault();
    goBack();
  } else if (typing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  } else if (event.key === "n" || event.key === "N") {
    event.preventDefault();
    add();
  } else if (drawn.contains(event.target)) {
    onBox(event, Number(event.target.dataset.at));
  }
});

function onBox(event, at) {
  const arrow = ARROWS[event.key];
  const category = page.categories[Number(event.key) - 1];
  if (!arrow && !category && event.key !== "Delete") return;
  event.preventDefault();
  if (event.key === "Delete") return remove(at);
  change(() => {
    if (category) labels[at].category = category.id;
    else {
      const step = STEP * Math.max(page.width, page.height);
      const [dx, dy] = [arrow[0] * step, arrow[1] * step];
      const [left, top, width, height] = labels[at].bbox;
      labels[at].bbox = inside(event.shiftKey ? [left, top, width + dx, height + dy] : moveBy([left, top, width, height], dx, dy));
    }
  });
  drawn.children[at].focus();
}

// --- saving ---

async function save() {
  try {
    const answer = await ask(`/v1/photos/${page.photoId}/labels`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ labels }),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.detail ?? told.title);
    kept = JSON.stringify(labels);
    keepDraft();
    state.textContent = say("saved");
    return true;
  } catch (failed) {
    state.textContent = say("not_saved", { why: failed.message });
    return false;
  }
}

document.getElementById("add").addEventListener("click", () => add());
undo.addEventListener("click", goBack);
document.getElementById("save").addEventListener("click", save);
document.getElementById("save-next")?.addEventListener("click", async () => {
  if (await save()) location.assign(`/reviews/${page.next}?language=${page.language}`);
});
window.addEventListener("beforeunload", (event) => {
  if (changed() && !isLoggingIn) event.preventDefault();
});

show();
document.body.dataset.ready = "";
