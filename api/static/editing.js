// A planner's hand: a stop goes to another truck or place, stays where it is, or off the plan. Each
// try is judged by the checker at once; nothing changes until it is kept.

import { send } from "./asking.js";
import { el } from "./elements.js";
import { read } from "./progress.js";
import { number, page, say } from "./words.js";

export class Editing {
  constructor(onKept, onHappened) {
    this.onKept = onKept;
    this.onHappened = onHappened;
    this.asked = 0;
  }

  show(plan) {
    this.plan = plan;
  }

  // The part of a container's details in which it is changed.
  part(choice, wanted = null) {
    const happened = el("p", { class: "choices" },
      el("button", { type: "button", class: "toggle", onclick: () => this.onHappened({ urgent: choice.containerId }) }, say("make_urgent")),
      el("button", { type: "button", class: "toggle", onclick: () => this.onHappened({ closed: choice.containerId }) }, say("make_closed")));
    return el("section", { class: "editing" }, el("h3", {}, say("by_hand")), this.#form(choice, wanted), happened);
  }

  #form(choice, wanted) {
    const truck = el("select", { name: "truck" }, ...this.#trucks(choice, wanted?.truck ?? choice.vehicleId ?? ""));
    const before = el("select", { name: "before" });
    const hold = el("input", { type: "checkbox", name: "hold", checked: this.#held(choice) });
    const answer = el("div", { class: "judged", role: "status" });
    const keep = el("button", { type: "button", class: "button", disabled: true }, say("keep"));
    const form = el("form", { class: "editing__form" },
      el("label", {}, say("to_truck"), truck),
      el("label", {}, say("before_stop"), before),
      el("label", { class: "check" }, hold, say("hold")),
      answer, keep);
    const fill = (chosen) => {
      before.disabled = !truck.value;
      before.replaceChildren(...this.#places(choice, truck.value, chosen));
    };
    const edit = () => ({ stopId: choice.containerId, toVehicleId: truck.value, before: truck.value ? before.value : "", locked: hold.checked });
    const judge = () => this.#judge(edit(), answer, keep);
    fill(wanted?.before ?? "");
    truck.addEventListener("change", () => {
      fill("");
      judge();
    });
    for (const control of [before, hold]) control.addEventListener("change", judge);
    keep.addEventListener("click", () => this.#keep(edit(), answer, keep));
    if (wanted) judge();
    return form;
  }

  #held(choice) {
    return Object.hasOwn(this.plan.provenance.locked ?? {}, choice.containerId);
  }

  #trucks(choice, chosen) {
    const able = this.plan.vehicles.filter((each) => !choice.fraction || each.fractions.includes(choice.fraction));
    const others = this.plan.vehicles.filter((each) => !able.includes(each));
    return [...able, ...others, { id: "", name: say("off_plan") }].map((each) =>
      el("option", { value: each.id, selected: each.id === chosen }, each.id ? `${each.id} · ${each.name}` : each.name));
  }

  #places(choice, vehicleId, chosen) {
    const route = this.plan.routes.find((each) => each.vehicleId === vehicleId);
    const stops = (route?.visits ?? []).filter((each) => each.kind === "stop" && each.ref !== choice.containerId);
    return [
      el("option", { value: "" }, say("best_place")),
      ...stops.map((each) => el("option", { value: each.ref, selected: each.ref === chosen }, say("at_end", { n: each.number, address: each.name || each.ref }))),
    ];
  }

  async #judge(edit, answer, keep) {
    const turn = (this.asked += 1);
    keep.disabled = true;
    answer.replaceChildren(el("p", {}, `${say("asking_checker")}…`));
    try {
      const told = await read(await send("POST", `/v1/plans/${this.plan.id}/edits`, edit));
      if (turn !== this.asked) return;
      answer.replaceChildren(...judgement(told));
      keep.disabled = false;
    } catch (error) {
      if (turn === this.asked) answer.replaceChildren(el("p", { class: "judged__bad" }, error.message));
    }
  }

  async #keep(edit, answer, keep) {
    keep.disabled = true;
    try {
      const told = await read(await send("POST", `/v1/plans/${this.plan.id}/edits`, { ...edit, keep: true }));
      await this.onKept(told.planId);
    } catch (error) {
      answer.replaceChildren(el("p", { class: "judged__bad" }, error.message));
    }
  }
}

function judgement(told) {
  const rules = new Map();
  for (const each of told.violations) rules.set(`${each.rule} ${each.vehicleId}`, [...(rules.get(`${each.rule} ${each.vehicleId}`) ?? []), each]);
  const broken = [...rules.values()].map(([first, ...more]) =>
    el("li", {}, [first.vehicleId, page.rules[first.rule] ?? first.rule].filter(Boolean).join(": "),
      el("span", { lang: "en", class: "judged__more" }, `${first.message}${more.length ? ` (+${more.length})` : ""}`)));
  const must = told.mustsChange === 0 ? null : el("p", { class: told.mustsChange > 0 ? "judged__bad" : "judged__good" }, told.mustsChange > 0 ? say("must_left") : say("must_served"));
  return [
    broken.length
      ? el("div", { class: "judged__bad" }, el("p", {}, say("breaks")), el("ul", {}, ...broken))
      : el("p", { class: "judged__good" }, say("breaks_nothing")),
    must,
    el("p", {}, say("costs", {
      money: signed(told.costChangeCents / 100, 2, "€\u00a0"),
      km: signed(told.lengthChangeM / 1000, 1),
      minutes: signed(Math.round(told.durationChangeS / 60), 0),
    })),
  ].filter(Boolean);
}

function signed(value, digits, unit = "") {
  const rounded = Number(value.toFixed(digits));
  const sign = rounded > 0 ? "+" : rounded < 0 ? "\u2212" : "±";
  return `${sign}${unit}${number(Math.abs(rounded), digits)}`;
}

// Dragging a stop onto another one, onto a round's head or onto a truck's line is the same as
// choosing it in the form; what is dropped is tried, never kept.
export function dragging(root, onDrop) {
  let dragged = null;
  root.addEventListener("dragstart", (event) => {
    const row = event.target.closest?.('li[draggable="true"]');
    dragged = row?.querySelector("button.stop").dataset.container ?? null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged);
  });
  root.addEventListener("dragend", () => {
    dragged = null;
    mark(null);
  });
  root.addEventListener("dragover", (event) => {
    const target = dragged && targetOf(event.target);
    mark(target);
    if (target) event.preventDefault();
  });
  root.addEventListener("drop", (event) => {
    const target = dragged && targetOf(event.target);
    if (!target) return;
    event.preventDefault();
    const before = target.querySelector?.(":scope > button.stop")?.dataset.container ?? "";
    const truck = target.closest("[data-vehicle]").dataset.vehicle;
    if (before !== dragged) onDrop(dragged, { truck, before });
  });

  function targetOf(element) {
    return element.closest(".line__stop, .round__head, .time-row");
  }

  function mark(target) {
    for (const each of root.querySelectorAll(".drop-here")) if (each !== target) each.classList.remove("drop-here");
    target?.classList.add("drop-here");
  }
}
