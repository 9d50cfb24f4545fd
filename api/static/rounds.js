// The rounds: each lists its stops when it is opened, so that a day of thousands stays quick.

import { el } from "./elements.js";
import { icon, stopButton } from "./stops.js";
import { number, say } from "./words.js";

const SHOWN = 60;

export class Rounds {
  constructor(root, canEdit) {
    this.root = root;
    this.canEdit = canEdit;
    this.found = document.getElementById("found");
    // Toggling does not bubble; it is caught on its way down.
    root.addEventListener("toggle", ({ target }) => this.#fill(target), true);
  }

  show(plan, chosen) {
    this.plan = plan;
    this.choices = new Map(plan.choices.map((choice) => [choice.containerId, choice]));
    this.filter(chosen);
  }

  filter(chosen) {
    this.chosen = chosen;
    for (const part of this.root.querySelectorAll(".others")) this.#count(part);
    for (const folded of this.root.querySelectorAll("details")) {
      this.#list(folded).replaceChildren();
      this.#fill(folded);
    }
    const wanted = chosen.wanted !== "";
    document.getElementById("all-rounds").hidden = wanted;
    this.found.hidden = !wanted;
    const found = wanted ? this.plan.choices.filter(chosen.takes) : [];
    this.found.replaceChildren(...this.#some(found));
    return wanted ? found.length : this.plan.choices.filter(chosen.takes).length;
  }

  // Opens the round, or the list, in which a container stands, and returns its button.
  reveal(id) {
    const choice = this.choices.get(id);
    if (!this.found.hidden) return this.found.querySelector(`[data-container="${CSS.escape(id)}"]`);
    const part = choice.vehicleId
      ? this.root.querySelector(`[data-vehicle="${CSS.escape(choice.vehicleId)}"]`)
      : this.root.querySelector(`[data-verdict-list="${choice.verdict}"]`);
    const folded = part?.querySelector("details");
    if (!folded) return null;
    folded.open = true;
    this.#fill(folded);
    return folded.querySelector(`[data-container="${CSS.escape(id)}"]`);
  }

  #list(folded) {
    return folded.querySelector(".line, .others__list");
  }

  #fill(folded) {
    if (!folded.open || !this.plan || folded.parentElement.id) return;
    const list = this.#list(folded);
    if (!list || list.childElementCount) return;
    const part = folded.parentElement;
    const route = this.plan.routes.find((each) => each.vehicleId === part.dataset.vehicle);
    list.replaceChildren(...(route ? this.#visits(route) : this.#some(this.#of(part))));
  }

  #visits(route) {
    return route.visits.map((visit) => (visit.kind === "stop" ? this.#stop(visit) : other(visit))).filter(Boolean);
  }

  #stop(visit) {
    const choice = this.choices.get(visit.ref);
    if (!choice || !this.chosen.verdicts.has(choice.verdict)) return null;
    return el("li", { class: `line__stop line__stop--${choice.verdict}`, "data-verdict": choice.verdict, draggable: this.canEdit ? "true" : null },
      el("span", { class: "line__time" }, visit.arrival),
      el("span", { class: "line__mark", "aria-hidden": "true" }, String(visit.number)),
      this.#button(choice));
  }

  #button(choice) {
    const held = Object.hasOwn(this.plan.provenance.locked ?? {}, choice.containerId);
    return stopButton(choice, held);
  }

  #of(part) {
    const mine = this.plan.choices.filter((choice) => choice.verdict === part.dataset.verdictList);
    return mine.filter(this.chosen.takes).sort((a, b) => b.pOverflow - a.pOverflow);
  }

  #count(part) {
    const mine = this.#of(part);
    part.hidden = mine.length === 0;
    part.querySelector(".filter__count").textContent = number(mine.length);
  }

  #some(choices) {
    const rows = choices.slice(0, SHOWN).map((choice) => el("li", { "data-verdict": choice.verdict, draggable: this.canEdit ? "true" : null }, this.#button(choice)));
    const left = choices.length - rows.length;
    return left > 0 ? [...rows, el("li", { class: "others__intro" }, say("and_more", { n: number(left) }))] : rows;
  }
}

const SAID = { start: "leave", end: "return", disposal: "empty_at" };

function other(visit) {
  const { kind } = visit;
  const minutes = Math.floor((visit.departureS - visit.arrivalS) / 60);
  const text = kind === "break" ? say("break", { minutes }) : say(SAID[kind], { place: visit.name || visit.ref });
  return el("li", { class: `line__other line__other--${kind}` },
    el("span", { class: "line__time" }, kind === "start" ? visit.departure : visit.arrival),
    el("span", { class: "line__mark" }, icon(kind === "start" || kind === "end" ? "depot" : kind)),
    el("span", { class: "line__text" }, text));
}
