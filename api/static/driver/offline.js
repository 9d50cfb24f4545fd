// Lays in all that a shift needs, so that the page works where there is no network.

import { page } from "../words.js";
import { shift } from "./shift.js";

export const DATA = "stadsronde-data";

export async function register() {
  if (!navigator.serviceWorker) return false;
  await navigator.serviceWorker.register("/driver-worker.js", { scope: "/driver", updateViaCache: "none" });
  await navigator.serviceWorker.ready;
  // Without this a browser that runs out of room may throw away taps that were not sent.
  await navigator.storage?.persist?.();
  return true;
}

// Fetches the page in each language, colours, base map and pictures, and forgets those of other shifts.
export async function layIn(found) {
  const { version, layers } = page.baseMap ?? { layers: [] };
  const pages = ["/driver", ...page.languages.map((language) => `/driver?language=${language}`)];
  const map = layers.map((name) => `/v1/base-map/${name}?v=${encodeURIComponent(version)}`);
  const colours = [...document.querySelectorAll('link[href^="/tokens/"]')].map((link) => link.href);
  const pictures = found.lines.map((line) => line.stop?.photo).filter(Boolean);
  const cache = await caches.open(DATA);
  const there = new Set((await cache.keys()).map((request) => request.url));
  const isMissing = (address) => !there.has(whole(address));
  await Promise.all([...pages, ...[...map, ...colours].filter(isMissing)].map((address) => lay(cache, address)));
  // A list without a picture is better than no list.
  await Promise.allSettled(pictures.filter(isMissing).map((address) => lay(cache, address)));
  const wanted = new Set([...pages, ...map, ...colours, ...pictures].map(whole));
  await Promise.all([...there].filter((address) => !wanted.has(address)).map((address) => cache.delete(address)));
  await Promise.all(page.languages.map((language) => shift(found.vehicleId, language)));
}

const whole = (address) => new URL(address, location.href).href;

async function lay(cache, address) {
  const answer = await fetch(address, { cache: "no-cache", headers: { Purpose: "prefetch" } });
  // Whoever was logged out meanwhile must not find the log-in page here.
  if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
  await cache.put(address, answer);
}

export const forget = () => globalThis.caches?.delete(DATA);
