// What this device keeps for its crew, in one database a municipality: taps, photos that wait, and
// the shift. A write is on disk before it counts as done.

import { page } from "../words.js";

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(`stadsronde-${page.municipality}`, 1);
    request.onupgradeneeded = () => {
      const made = request.result;
      made.createObjectStore("taps", { keyPath: "n", autoIncrement: true });
      made.createObjectStore("photos", { keyPath: "key" });
      made.createObjectStore("kept");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function within(name, mode, work) {
  const transaction = (await open()).transaction(name, mode, { durability: "strict" });
  const request = work(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

export const add = (name, value) => within(name, "readwrite", (store) => store.add(value));
export const put = (name, value, key) => within(name, "readwrite", (store) => store.put(value, key));
export const get = (name, key) => within(name, "readonly", (store) => store.get(key));
export const all = (name) => within(name, "readonly", (store) => store.getAll());
export const change = (name, key, changes) => within(name, "readwrite", (store) => {
  const request = store.get(key);
  request.onsuccess = () => store.put({ ...request.result, ...changes });
  return request;
});
export const remove = (name, key) => within(name, "readwrite", (store) => store.delete(key));
