// All containers as a table: sorted by any column, a page at a time.

import { el } from "./elements.js";
import { tag } from "./stops.js";
import { chance, number, page, percent, say } from "./words.js";

const ROWS = 100;
const RANK = { must: 0, chosen: 1, skip: 2, carried: 3 };
const VALUES = {
  address: (choice) => choice.address || choice.containerId,
  fill: (choice) => (choice.looseWaste ? null : choice.fill),
  risk: (choice) => (choice.looseWaste ? null : choice.pOverflow),
  verdict: (choice) => RANK[choice.verdict],
  truck: (choice) => (choice.vehicleId ? `${choice.vehicleId} ${String(choice.stopNumber).padStart(4, "0")}` : null),
};

export class ContainerTable {
  constructor(root) {
    this.root = root;
    this.body = root.querySelector("tbody");
    this.heads = [...root.querySelectorAll("th[data-by]")];
    [this.told, this.more] = root.querySelector(".pages").children;
    this.order = new Intl.Collator(document.documentElement.lang, { numeric: true });
    [this.by, this.rising, this.rows] = ["risk", false, ROWS];
    for (const head of this.heads) head.querySelector("button").addEventListener("click", () => this.#sort(head.dataset.by));
    this.more.addEventListener("click", () => {
      this.rows += ROWS;
      this.#draw();
    });
  }

  show(plan, chosen) {
    this.plan = plan;
    this.filter(chosen);
  }

  filter(chosen) {
    this.chosen = chosen;
    this.rows = ROWS;
    this.#draw();
  }

  #sort(by) {
    this.rising = this.by === by ? !this.rising : true;
    this.by = by;
    this.rows = ROWS;
    this.#draw();
  }

  #draw() {
    const value = VALUES[this.by];
    const way = this.rising ? 1 : -1;
    const found = this.plan.choices.filter(this.chosen.takes).map((choice) => [value(choice), choice]);
    // What has no value comes last either way.
    found.sort(([a], [b]) => (a === null) - (b === null) || way * this.#compare(a, b));
    for (const head of this.heads) {
      head.removeAttribute("aria-sort");
      if (head.dataset.by === this.by) head.setAttribute("aria-sort", this.rising ? "ascending" : "descending");
    }
    const shown = found.slice(0, this.rows);
    this.body.replaceChildren(...shown.flatMap(([, choice]) => [this.#row(choice), why(choice)]));
    this.told.textContent = say("rows_of", { from: number(Math.min(1, shown.length)), to: number(shown.length), all: number(found.length) });
    this.more.hidden = shown.length === found.length;
  }

  #compare(a, b) {
    return typeof a === "number" ? a - b : this.order.compare(a ?? "", b ?? "");
  }

  #row(choice) {
    const index = this.plan.routes.findIndex((route) => route.vehicleId === choice.vehicleId);
    return el("tr", { "data-verdict": choice.verdict },
      el("th", { scope: "row" },
        el("button", { type: "button", class: "row-link", "data-container": choice.containerId }, choice.address || choice.containerId),
        el("span", { class: "containers__sub" }, [page.fractions[choice.fraction], choice.containerId].filter(Boolean).join(" · "))),
      el("td", { class: "numeric" }, choice.looseWaste ? "" : percent(choice.fill)),
      el("td", { class: "numeric" }, choice.looseWaste ? "" : chance(choice.pOverflow)),
      el("td", {}, tag(choice.verdict)),
      el("td", {}, ...(index < 0 ? [] : [
        el("span", { class: `truck-${(index % 8) + 1} dot`, "aria-hidden": "true" }),
        `${choice.vehicleId} · ${choice.stopNumber}`])));
  }
}

function why(choice) {
  return el("tr", { class: "containers__why" }, el("td", { colspan: 5 }, choice.reasonText));
}
