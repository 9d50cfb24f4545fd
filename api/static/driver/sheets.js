// The sheets that slide over the page: exceptions, weight, and the way handed to another app.

import { el } from "../elements.js";
import { page, say } from "../words.js";
import { button, nameOfException, placeOf } from "./parts.js";

const at = (id) => document.getElementById(id);
const contentOf = (sheet) => sheet.querySelector("div");

export function askException(line, onChosen) {
  const sheet = at("exceptions");
  contentOf(sheet).replaceChildren(...Object.keys(page.exceptions).map((exception) => (
    button(nameOfException(exception, line), () => {
      sheet.close();
      onChosen(exception);
    })
  )));
  sheet.showModal();
}

export function askWeight(onGiven) {
  const [sheet, field] = [at("weigh"), at("weight")];
  function wrong(is) {
    at("weight-error").hidden = !is;
    field.setAttribute("aria-invalid", String(is));
  }
  field.value = "";
  wrong(false);
  sheet.querySelector("form").onsubmit = (event) => {
    if (event.submitter?.value === "cancel") return;
    const text = field.value.trim().replace(",", ".");
    const weightKg = Number(text);
    if (text && weightKg >= 0 && weightKg <= page.mostKg) return onGiven(weightKg);
    event.preventDefault();
    wrong(true);
    field.focus();
  };
  sheet.showModal();
}

export function showApps(line) {
  const sheet = at("navigate");
  const [lon, lat] = line.coordinates;
  const apps = {
    nav_geo: `geo:${lat},${lon}?q=${lat},${lon}(${encodeURIComponent(placeOf(line))})`,
    nav_google: `https://www.google.com/maps/dir/?api=1&travelmode=driving&destination=${lat},${lon}`,
    nav_apple: `https://maps.apple.com/?dirflg=d&daddr=${lat},${lon}`,
  };
  contentOf(sheet).replaceChildren(...Object.entries(apps).map(([word, href]) => (
    el("a", { class: "touch", href, target: "_blank", rel: "noopener noreferrer", onclick: () => sheet.close() }, say(word))
  )));
  sheet.showModal();
}
