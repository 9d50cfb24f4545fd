// The page's words and facts, handed over by the server as JSON.

const element = document.getElementById("page-data");

export const page = element ? JSON.parse(element.textContent) : {};

export function say(key, values = {}) {
  return (page.words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function percent(share) {
  return `${Math.round(share * 100)}\u00a0%`;
}

// A probability that never claims to be certain.
export function chance(p) {
  if (p > 0.99) return `>\u00a0${percent(0.99)}`;
  return p < 0.01 ? `<\u00a0${percent(0.01)}` : percent(p);
}

export function number(value, digits = 0) {
  return new Intl.NumberFormat(page.language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

export function moment(iso) {
  return new Intl.DateTimeFormat(page.language === "nl" ? "nl-NL" : "en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: page.timeZone,
  }).format(new Date(iso));
}

// Ages are told on the city's clock, which stands still in a demonstration.
export function age(iso) {
  const hours = (new Date(page.now) - new Date(iso)) / 3_600_000;
  if (hours < 1) return say("just_now");
  if (hours < 24) return Math.round(hours) === 1 ? say("hour_ago") : say("hours_ago", { n: Math.round(hours) });
  const days = Math.round(hours / 24);
  return days === 1 ? say("day_ago") : say("days_ago", { n: days });
}

export const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
