// The shift: asked of the server, kept on the device, and how far it is. What the taps amount to is
// the same here and in `city/tap.py`.

import { page } from "../words.js";
import * as device from "./device.js";

const PATIENCE_MS = 8_000;

export const shifts = () => asked("/v1/shifts", "shifts");

export function shift(vehicleId, language = page.language) {
  const address = `/v1/shifts/${encodeURIComponent(vehicleId)}?language=${language}`;
  return asked(address, `shift ${vehicleId} ${language}`);
}

// What this device has, to begin with: the network may be slow, and the crew is not to wait for it.
export const keptShifts = () => device.get("kept", "shifts");
export const keptShift = (vehicleId) => device.get("kept", `shift ${vehicleId} ${page.language}`);

// Returns { found, problem }: without network, or when logged out, what was found last time.
async function asked(address, name) {
  let problem = "no-network";
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) {
      const found = await answer.json();
      await device.put("kept", found, name);
      return { found, problem: null };
    }
    if (answer.status === 404) return { found: null, problem: "not-on-plan" };
    problem = { 401: "logged-out", 403: "not-a-driver" }[answer.status] ?? "failed";
  } catch {
    // No network, or none that answers.
  }
  return { found: (await device.get("kept", name)) ?? null, problem };
}

// What the server knows and what this device knows, each tap once; the device's own come last.
export function merged(found, own) {
  const mine = own.filter((tap) => tap.day === found.day && tap.state !== "refused");
  const keys = new Set(mine.map((tap) => tap.key));
  return [...found.taps.filter((tap) => !keys.has(tap.key)), ...mine];
}

export function standing(taps) {
  const undone = new Set(taps.map((tap) => tap.undoes));
  return taps.filter((tap) => tap.kind !== "undo" && !undone.has(tap.key));
}

// How far each line is: its state, the taps that say so, and which line comes next.
export function progress(found, taps) {
  const held = standing(taps);
  const mine = held.filter((tap) => tap.vehicleId === found.vehicleId);
  // A truck may unload at the same site several times: the first time is the first line.
  const unloaded = mine.filter((tap) => tap.kind === "unloaded");
  const atStops = held.filter((tap) => tap.kind !== "unloaded");
  const lines = found.lines.map((line) => {
    const isStop = line.kind === "stop";
    const own = isStop ? atStops.filter((tap) => tap.ref === line.ref) : take(unloaded, line);
    return { ...line, taps: own, state: stateOf(own), isWork: isStop || line.kind === "disposal" };
  });
  const after = lines.findIndex((line) => line.taps.includes(mine.at(-1)));
  const isOpen = (line) => line.isWork && line.state === "open";
  const next = lines.findIndex((line, i) => i > after && isOpen(line));
  return { lines, next: next < 0 ? lines.findIndex(isOpen) : next };
}

function take(unloaded, line) {
  const at = line.kind === "disposal" ? unloaded.findIndex((tap) => tap.ref === line.ref) : -1;
  return at < 0 ? [] : unloaded.splice(at, 1);
}

function stateOf(taps) {
  if (taps.some((tap) => tap.kind === "emptied" || tap.kind === "unloaded")) return "emptied";
  return taps.some((tap) => page.endsStop.includes(tap.exception)) ? "not-emptied" : "open";
}
