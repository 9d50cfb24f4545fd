// All that is known of one container: belief, reason, evidence, photo.

import { ask } from "./asking.js";
import { el, svg } from "./elements.js";
import { age, chance, moment, number, page, percent, say } from "./words.js";

const MOST_SHOWN = 1.6;

export class Details {
  // `more` makes what a planner may do with a container; null for who may not.
  constructor(root, plan, onClose, more = null) {
    this.root = root;
    this.plan = plan;
    this.onClose = onClose;
    this.more = more;
    root.onkeydown = (event) => {
      if (event.key === "Escape") onClose();
    };
  }

  hide() {
    this.root.hidden = true;
    this.root.replaceChildren();
  }

  async show(choice, wanted = null) {
    const { root } = this;
    const more = el("div", {}, el("p", { class: "details__sub" }, `${say("loading")}…`));
    const byHand = this.more ? [this.more(choice, wanted)] : [];
    root.replaceChildren(...this.#known(choice), ...(wanted ? [...byHand, more] : [more, ...byHand]));
    root.hidden = false;
    // What is tried is judged in sight, however little room there is.
    root.scrollTop = wanted ? root.querySelector(".editing")?.offsetTop ?? 0 : 0;
    try {
      const [container, photo] = await Promise.all([
        choice.looseWaste ? null : read(`/v1/containers/${encodeURIComponent(choice.containerId)}`),
        choice.photoId ? read(`/v1/photos/${choice.photoId}`) : null,
      ]);
      more.replaceChildren(...photoPart(photo, choice), ...evidencePart(container, choice));
      this.root.querySelector(".details__sub").textContent = subtitle(choice, container);
    } catch {
      more.replaceChildren(el("p", { role: "alert" }, say("failed")));
    }
  }

  #known(choice) {
    return [
      el(
        "div",
        { class: "details__head" },
        el(
          "div",
          {},
          el("h2", { id: "details-heading" }, choice.address || choice.containerId),
          el("p", { class: "details__sub" }, subtitle(choice)),
        ),
        el(
          "button",
          { type: "button", class: "details__close", "aria-label": say("close"), onclick: this.onClose },
          svg("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" },
            svg("path", { d: "M3.5 3.5l9 9M12.5 3.5l-9 9", stroke: "currentColor", "stroke-width": 1.8, "stroke-linecap": "round" })),
        ),
      ),
      el(
        "div",
        { class: "details__row" },
        el("span", { class: `tag tag--${choice.verdict} tag--plain` }, page.verdicts[choice.verdict]),
        this.#round(choice),
      ),
      el("p", { class: "details__reason" }, choice.reasonText),
      ...(choice.looseWaste ? [] : [gauge(choice)]),
    ];
  }

  #round(choice) {
    const route = this.plan.routes.find((each) => each.vehicleId === choice.vehicleId);
    const visit = route?.visits.find((each) => each.ref === choice.containerId);
    if (!visit) return null;
    return el("span", {}, say("on_round", { truck: route.vehicleName, number: visit.number, time: visit.arrival }));
  }
}

function subtitle(choice, container) {
  const parts = [choice.containerId, page.fractions[choice.fraction]];
  if (container) {
    const { kind, volumeL, simulated } = container.properties;
    parts.push(page.kinds[kind], `${number(volumeL)} ${say("litres")}`);
    if (simulated) parts.push(say("simulated"));
  }
  return parts.filter(Boolean).join(" · ");
}

function gauge(choice) {
  const { fill, fillLow, fillHigh, pOverflow } = choice;
  return el(
    "div",
    { class: "gauge" },
    picture(fill, fillLow, fillHigh),
    el(
      "div",
      {},
      el("p", { class: "gauge__value" }, percent(fill)),
      el("p", { class: "gauge__label" }, `${say("expected_fill")}, ${say("span", { low: percent(fillLow), high: percent(fillHigh) })}`),
      el("p", { class: "gauge__risk" }, el("strong", {}, chance(pOverflow)), say("p_overflow")),
    ),
  );
}

// A container seen from the side: its content, heaped where it is over full, and the likely span.
function picture(fill, low, high) {
  const [rim, floor, left, right] = [38, 92, 6, 46];
  const y = (level) => floor - Math.min(level, MOST_SHOWN) * (floor - rim);
  const heap = Math.max(0, rim - y(fill));
  const colour = fill >= 1 ? "#9a1f1f" : "#2f7d68";
  const wall = `v${floor - rim - 5}a5 5 0 0 0 5 5h${right - left - 10}a5 5 0 0 0 5-5v-${floor - rim - 5}`;
  const top = Math.max(y(fill), rim);
  return svg(
    "svg",
    { viewBox: "0 0 66 96", "aria-hidden": "true" },
    svg("clipPath", { id: "inside" }, svg("path", { d: `M${left} ${rim}${wall}z` })),
    svg("path", { d: `M${left} ${rim}${wall}z`, fill: "#eef2f1" }),
    svg("rect", { x: left, width: right - left, y: top, height: floor - top, fill: colour, "clip-path": "url(#inside)" }),
    svg("path", { d: `M${left + 1} ${rim}Q${(left + right) / 2} ${rim - 2 * heap} ${right - 1} ${rim}z`, fill: colour }),
    svg("path", { d: `M${left} ${rim}${wall}`, fill: "none", stroke: "#16242b", "stroke-width": 2.4 }),
    svg("path", { d: `M2 ${rim}h50`, stroke: "#16242b", "stroke-width": 1.6, "stroke-dasharray": "3 3" }),
    svg("path", { d: `M58 ${y(low)}V${y(high)}M54 ${y(low)}h8M54 ${y(high)}h8`, stroke: "#16242b", "stroke-width": 1.8, fill: "none" }),
    svg("circle", { cx: 58, cy: y(fill), r: 3.4, fill: "#16242b" }),
  );
}

// Part of the blurred photo around the container, cut out by the view box.
function photoPart(photo, choice) {
  if (!photo) return [];
  const box = photo.seen.find((each) => each.containerId === choice.containerId)?.bbox;
  const view = box ? around(box, photo) : [0, 0, photo.widthPx, photo.heightPx];
  return [
    el("h3", {}, say("photo")),
    el(
      "figure",
      { class: "details__photo" },
      svg(
        "svg",
        { viewBox: view.join(" "), preserveAspectRatio: "xMidYMid slice", role: "img", "aria-label": say("photo_alt") },
        svg("image", { href: `/v1/photos/${photo.id}/image`, width: photo.widthPx, height: photo.heightPx }),
        box ? svg("rect", { x: box[0], y: box[1], width: box[2], height: box[3], "vector-effect": "non-scaling-stroke", rx: 4 }) : null,
      ),
      el("figcaption", { class: "evidence__when" }, `${moment(photo.takenAt)} · ${age(photo.takenAt)}`),
    ),
  ];
}

function around([x, y, w, h], { widthPx, heightPx }) {
  const width = Math.min(widthPx, Math.max(w * 2, h * 2.4, widthPx * 0.25));
  const height = Math.min(heightPx, width * 0.62);
  const left = Math.min(Math.max(0, x + w / 2 - width / 2), widthPx - width);
  const top = Math.min(Math.max(0, y + h / 2 - height / 2), heightPx - height);
  return [left, top, width, height];
}

function evidencePart(container, choice) {
  if (!container) return [];
  const counted = new Set(choice.evidenceIds);
  const now = container.evidence.filter((each) => counted.has(each.id));
  const older = container.evidence.filter((each) => !counted.has(each.id));
  const parts = [el("h3", {}, say("evidence"))];
  parts.push(now.length ? list(now, "evidence") : el("p", { class: "details__sub" }, say("no_evidence")));
  if (older.length) {
    parts.push(el("details", {}, el("summary", {}, `${say("older")} (${older.length})`), list(older, "evidence evidence--older")));
  }
  return parts;
}

function list(records, classes) {
  return el("ul", { class: classes }, ...records.map(record));
}

function record(each) {
  const value = ["emptying", "deposits"].includes(each.kind) ? number(each.value) : percent(each.value);
  return el(
    "li",
    {},
    page.evidence[each.kind].replace("{value}", value),
    el("span", { class: "evidence__when" }, `${moment(each.seenAt)} · ${age(each.seenAt)} · ${each.source}`),
  );
}

async function read(address) {
  const answer = await ask(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}
