// What a plan changes of the version before, or of the rounds that crews know.

import { ask } from "./asking.js";
import { el } from "./elements.js";
import { number, page, percent, say } from "./words.js";

const ROWS = 100;

export class Changes {
  constructor(root) {
    this.root = root;
    this.list = root.querySelector("ul");
    this.share = root.querySelector(".changes__share");
    [this.told, this.more] = root.querySelector(".pages").children;
    this.more.addEventListener("click", () => this.#read());
    // Nobody may ever look; then nobody is asked.
    this.seen = new MutationObserver(() => this.#first());
    this.seen.observe(root, { attributeFilter: ["hidden"] });
  }

  show(plan) {
    this.plan = plan;
    this.addresses = new Map(plan.choices.map((choice) => [choice.containerId, choice.address]));
    this.list.replaceChildren();
    this.read = null;
    this.#first();
  }

  #first() {
    if (this.root.hidden || this.read === this.plan?.id) return;
    this.read = this.plan.id;
    this.#read();
  }

  async #read() {
    const query = new URLSearchParams({ language: page.language, limit: ROWS, offset: this.list.childElementCount });
    const answer = await ask(`/v1/plans/${this.plan.id}/changes?${query}`);
    if (answer.status === 404) {
      this.share.textContent = say("changes_none");
      return;
    }
    const told = await answer.json();
    this.share.textContent = told.total
      ? say("kept_share", { trucks: percent(told.truckShare), order: percent(told.successionShare) })
      : say("no_changes");
    this.list.append(...told.changes.map((change) => this.#row(change)));
    const shown = this.list.childElementCount;
    this.told.textContent = told.total ? say("rows_of", { from: 1, to: number(shown), all: number(told.total) }) : "";
    this.more.hidden = shown >= told.total;
  }

  #row(change) {
    const known = this.addresses.has(change.containerId);
    const name = this.addresses.get(change.containerId) || change.containerId;
    return el("li", { class: "change" },
      known ? el("button", { type: "button", class: "row-link", "data-container": change.containerId }, name) : el("strong", {}, name),
      el("span", { class: "change__text" }, change.text));
  }
}
