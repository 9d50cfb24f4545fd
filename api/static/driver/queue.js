// Taps on their way to the server: kept on the device first, sent in their order, and sent again until
// the server says that it has them. The server keeps each key once, so sending twice does no harm.

import * as device from "./device.js";
import { keptPhoto } from "./sealed.js";

const TOGETHER = 50;
const PATIENCE_MS = 20_000;
const FORGOTTEN_AFTER_MS = 7 * 24 * 3600_000;

export async function record(tap) {
  const made = { key: newKey(), at: new Date().toISOString(), state: "waiting", photo: null, ...tap };
  return { ...made, n: await device.add("taps", made) };
}

export const taps = () => device.all("taps");

// Only what changes is written: a photo may be added to a tap while it is being sent.
export const change = (tap, changes) => device.change("taps", tap.n, changes);

export async function forgetOld() {
  for (const tap of await taps()) {
    const done = tap.state !== "waiting" && tap.photo !== "waiting";
    if (done && Date.now() - Date.parse(tap.at) > FORGOTTEN_AFTER_MS) await device.remove("taps", tap.n);
  }
}

export const isWaiting = (tap) => tap.state === "waiting" || hasPhotoToSend(tap);
const hasPhotoToSend = (tap) => tap.state === "sent" && tap.photo === "waiting";

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

let running = null;

// Sends what waits, and returns how that ended: "sent", "no-network", "logged-out", "not-a-driver".
export function send(tell) {
  running ??= alone(() => sendAll(tell)).finally(() => {
    running = null;
  });
  return running;
}

// Of two windows on one device only one sends.
function alone(work) {
  return navigator.locks ? navigator.locks.request("stadsronde-send", work) : work();
}

async function sendAll(tell) {
  let most = TOGETHER;
  for (;;) {
    const batch = together((await taps()).filter((tap) => tap.state === "waiting"), most);
    if (!batch.length) break;
    const answer = await asked("/v1/taps", "POST", JSON.stringify(bodyOf(batch)), "application/json");
    if (answer.ended) return answer.ended;
    if (answer.ok) {
      for (const [i, each] of (await answer.json()).recorded.entries()) await settle(batch[i], each);
    } else if (batch.length > 1) {
      // Something in it is not understood; the others must not wait for that one.
      most = 1;
    } else {
      await settle(batch[0], { outcome: "refused", faults: await faultsOf(answer) });
    }
    tell();
  }
  return sendPhotos(tell);
}

function together(waiting, most) {
  const [first] = waiting;
  const other = waiting.findIndex((tap) => tap.vehicleId !== first.vehicleId || tap.planId !== first.planId);
  return waiting.slice(0, other < 0 ? most : Math.min(most, other));
}

function bodyOf(batch) {
  const { vehicleId, planId } = batch[0];
  const sent = batch.map(({ key, kind, at, ref, fill, weightKg, exception, undoes }) => (
    { key, kind, at, ref, fill, weightKg, exception, undoes }
  ));
  return { vehicleId, planId, sentAt: new Date().toISOString(), taps: sent };
}

async function settle(tap, { outcome, remark, other, faults }) {
  await change(tap, { state: outcome === "refused" ? "refused" : "sent", remark, other, faults });
}

async function sendPhotos(tell) {
  for (const tap of (await taps()).filter(hasPhotoToSend)) {
    const photo = await keptPhoto(tap.key);
    const answer = await asked(`/v1/taps/${tap.key}/photo`, "PUT", photo, photo.type);
    if (answer.ended) return answer.ended;
    await change(tap, answer.ok ? { photo: "sent" } : { photo: "refused", photoFaults: await faultsOf(answer) });
    await device.remove("photos", tap.key);
    tell();
  }
  return "sent";
}

// What may go better later ends the sending; what the server refuses for good does not.
async function asked(address, method, body, type) {
  let answer;
  try {
    answer = await fetch(address, {
      method, body, headers: { "Content-Type": type }, signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    return { ended: "no-network" };
  }
  if (answer.status === 401) return { ended: "logged-out" };
  if (answer.status === 403) return { ended: "not-a-driver" };
  if (answer.status >= 500 || answer.status === 408 || answer.status === 429) return { ended: "no-network" };
  return answer;
}

async function faultsOf(answer) {
  try {
    const { faults, detail } = await answer.json();
    return faults?.length ? faults : [{ cause: detail, remedy: "" }];
  } catch {
    return [{ cause: `${answer.status}`, remedy: "" }];
  }
}
