// A stop as the lists show it: where, why, how full, and what a hand decided about it.

import { el, svg } from "./elements.js";
import { page, percent, say } from "./words.js";

export function tag(verdict) {
  const mark = document.querySelector(`.filter .verdict-mark--${verdict}`).cloneNode(true);
  return el("span", { class: `tag tag--${verdict}` }, mark, page.verdicts[verdict]);
}

export function icon(name) {
  return document.getElementById("icons").content.querySelector(`[data-icon="${name}"] > *`).cloneNode(true);
}

function fillBar(fill) {
  const width = Math.min(fill * 100, 100).toFixed(1);
  const picture = svg("svg", { viewBox: "0 0 100 6", preserveAspectRatio: "none" }, svg("rect", { width, height: 6 }));
  return el("span", { class: "fill-bar", "aria-hidden": "true" }, picture);
}

export function stopButton(choice, held = false) {
  return el(
    "button",
    { type: "button", class: "stop", "data-container": choice.containerId, "data-verdict": choice.verdict },
    el("span", { class: "stop__head" },
      el("span", { class: "stop__address" }, choice.address || choice.containerId),
      held ? el("span", { class: "held" }, say("held")) : null,
      tag(choice.verdict)),
    el("span", { class: "stop__facts" },
      el("span", { class: `fraction fraction--${choice.fraction}` }, page.fractions[choice.fraction] ?? ""),
      choice.looseWaste ? null : el("span", { class: "stop__fill" }, fillBar(choice.fill), percent(choice.fill)),
      el("span", { class: "stop__id" }, choice.containerId)),
    el("span", { class: "stop__reason" }, choice.reasonText),
  );
}
