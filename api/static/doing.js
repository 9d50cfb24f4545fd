// What a planner does with a whole plan: publish, withdraw, print, undo, and hear what happened.

import { follow, send } from "./asking.js";
import { fail, read, resultOf, tell, tellStep, wording } from "./progress.js";
import { page, say } from "./words.js";

// What was heard is there again for who has to log in before it can be sent.
const HEARD = "stadsronde-heard";

export class Doing {
  // `show` turns the page to a version, or reads the one that is shown anew.
  constructor(show) {
    this.show = show;
    this.dialog = document.getElementById("happened");
    const deeds = {
      publish: () => this.#publish(),
      despite: () => this.#publish(true),
      withdraw: () => this.#change("DELETE", "publication"),
      undo: () => this.#undo(),
      redo: () => this.#change("DELETE", "undone"),
      print: () => this.#print(),
      happened: () => this.happened(),
    };
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-do]");
      if (button) this.#busy(button, deeds[button.dataset.do]);
    });
    this.dialog?.addEventListener("close", () => {
      if (this.dialog.returnValue === "replan") this.#replan(new FormData(this.dialog.querySelector("form")));
    });
    const [planId, heard] = JSON.parse(sessionStorage.getItem(HEARD)) ?? [];
    if (this.dialog && planId === page.planId) this.#hearAgain(heard);
  }

  #hearAgain(heard) {
    sessionStorage.removeItem(HEARD);
    const { elements } = this.dialog.querySelector("form");
    for (const [name, value] of heard) {
      if (name === "broken") this.dialog.querySelector(`[value="${CSS.escape(value)}"]`).checked = true;
      else elements[name].value = value;
    }
    this.#ask([]);
  }

  happened({ urgent = "", closed = "" } = {}) {
    const form = this.dialog.querySelector("form");
    form.reset();
    form.elements.at.value = timeNow();
    form.elements.urgent.value = urgent;
    form.elements.closed.value = closed;
    this.#ask([]);
  }

  // What was typed stays, and each fault stands at its field; what has no field stands below.
  #ask(faults, otherwise = "") {
    const places = [...this.dialog.querySelectorAll("[data-fault]")];
    const last = places.at(-1);
    const placeOf = ({ field }) => places.find((place) => place.dataset.fault === field) ?? last;
    for (const place of places) {
      const text = wording(faults.filter((fault) => placeOf(fault) === place));
      place.textContent = text || (place === last && !faults.length ? otherwise : "");
      place.hidden = !place.textContent;
      const input = place.parentElement.querySelector("input:not([type=checkbox])");
      if (place !== last && input) input.ariaInvalid = String(!place.hidden);
    }
    this.dialog.returnValue = "";
    this.dialog.showModal();
  }

  async #busy(button, deed) {
    button.disabled = true;
    try {
      await deed();
    } catch (error) {
      fail(error.message);
    }
    button.disabled = false;
  }

  async #publish(despiteViolations = false) {
    try {
      await read(await send("PUT", address("publication"), { despiteViolations }));
    } catch (error) {
      if (error.faults?.[0]?.code !== "publish-violations") throw error;
      fail(say("rules_broken"), error.message);
      document.getElementById("plan-progress").append(despite());
      return;
    }
    await this.show(page.planId);
    tell(say("published_now"), false);
  }

  async #change(method, what) {
    await read(await send(method, address(what)));
    await this.show(page.planId);
  }

  async #undo() {
    const { id } = await read(await send("PUT", address("undone")));
    await this.show(id);
  }

  // The sheets of a plan that a hand changed are written when somebody wants them.
  async #print() {
    tell(say("sheets_being_made"));
    const job = await read(await send("POST", address("sheets"), { language: page.language }));
    resultOf(await follow(job, tellStep));
    await this.show(page.planId);
    tell(say("sheets_ready"), false);
  }

  async #replan(given) {
    const ids = (name) => given.get(name).split(/[\s,;]+/).filter(Boolean);
    const heard = { at: given.get("at"), broken: given.getAll("broken"), closed: ids("closed"), urgent: ids("urgent") };
    tell(say("planning_step", { step: say("step_replan") }));
    try {
      sessionStorage.setItem(HEARD, JSON.stringify([page.planId, [...given]]));
      const sent = send("POST", address("replans"), heard).finally(() => sessionStorage.removeItem(HEARD));
      const job = await read(await sent);
      const plan = resultOf(await follow(job, () => {}));
      await this.show(plan);
      tell(say("kept"), false);
      document.getElementById("tab-changes").click();
    } catch (error) {
      fail(say("replanning_failed"), error.message);
      this.#ask(error.faults ?? [], error.message);
    }
  }
}

function address(what) {
  return `/v1/plans/${page.planId}/${what}`;
}

function despite() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--plain";
  button.dataset.do = "despite";
  button.textContent = say("publish_despite");
  document.querySelector('#plan-progress [data-do="despite"]')?.remove();
  return button;
}

// The city's time if the plan is for today; else the day has not begun.
function timeNow() {
  const parts = { timeZone: page.timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const now = new Date(page.now);
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: page.timeZone }).format(now);
  return today === page.day ? new Intl.DateTimeFormat("sv-SE", parts).format(now) : "00:00";
}
