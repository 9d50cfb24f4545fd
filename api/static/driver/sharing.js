// Where the truck is, for the planner: only while the crew says so, for one truck on one day. Places
// are sent as they come and never kept here; without network they are not sent at all.

import { page } from "../words.js";

const AT_MOST_EVERY_MS = 20_000;
const PATIENCE_MS = 8_000;
const KEY = `stadsronde-share-${page.municipality}`;
const box = document.getElementById("share");
let [shared, watch, sentAt, sending, tell] = [null, null, 0, null, () => {}];

// `told` is given the word for how it stands: "" while nothing is shared.
export function prepareSharing(told) {
  tell = told;
  box?.addEventListener("change", () => (box.checked ? begin() : stop()));
}

// Consent is for this truck on this day: any other ends it.
export function shareFor(found) {
  if (!box) return;
  box.disabled = !found;
  if (shared?.vehicleId === found?.vehicleId && shared?.day === found?.day) return;
  if (watch !== null) stop();
  shared = found;
  box.checked = Boolean(found) && localStorage.getItem(KEY) === name();
  if (box.checked) begin();
}

export async function stop(why = "") {
  if (!box) return;
  const [wasShared, last, where] = [watch !== null, sending, shared && address()];
  if (wasShared) navigator.geolocation.clearWatch(watch);
  watch = null;
  localStorage.removeItem(KEY);
  box.checked = false;
  tell(why);
  if (!wasShared) return;
  // What is on its way arrives before it is deleted; without network the server forgets it by itself.
  await last;
  await fetch(where, { method: "DELETE", keepalive: true, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => {});
}

function begin() {
  if (!shared || !navigator.geolocation) return stop("share_no_position");
  localStorage.setItem(KEY, name());
  sentAt = 0;
  watch = navigator.geolocation.watchPosition(heard, refused, { enableHighAccuracy: true, maximumAge: 10_000 });
  tell("sharing_place");
}

function refused({ code, PERMISSION_DENIED }) {
  if (code === PERMISSION_DENIED) stop("share_no_position");
}

function heard({ coords }) {
  if (Date.now() - sentAt < AT_MOST_EVERY_MS) return;
  sentAt = Date.now();
  sending = send(coords);
}

async function send({ longitude, latitude, accuracy }) {
  try {
    const answer = await fetch(address(), {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ coordinates: [longitude, latitude], accuracyM: Math.min(accuracy, 100_000) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    // Who was logged out goes on when logged in again; a shift that does not run ends it.
    if ([404, 422].includes(answer.status)) stop("share_not_now");
  } catch {
    // Without network the planner sees an older place, or none.
  }
}

const name = () => `${shared.day} ${shared.vehicleId}`;
const address = () => `/v1/positions/${encodeURIComponent(shared.vehicleId)}`;
