// A photo that waits for network is not blurred yet, so it lies on the device only sealed: with a key
// that scripts may use and nobody can read out. It goes as soon as the server has its blurred copy.

import * as device from "./device.js";

export const canSeal = Boolean(globalThis.crypto?.subtle);

const MOST_PX = 1600;

async function secret() {
  const kept = await device.get("kept", "photo-key");
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await device.put("kept", made, "photo-key");
  return made;
}

// Small enough for a slow network, and without what the camera wrote into it.
export async function shrunk(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, MOST_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
}

export async function keepPhoto(key, photo) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await secret(), await photo.arrayBuffer());
  await device.put("photos", { key, iv, data });
}

export async function keptPhoto(key) {
  const { iv, data } = await device.get("photos", key);
  return new Blob([await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await secret(), data)], { type: "image/jpeg" });
}
