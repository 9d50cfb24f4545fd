// Opens the driver's page without network. KEPT, with the version and the page's files, is put before
// this by the server: another version of any file is another worker, which lays all of them in anew.

const SHELL = `stadsronde-shell-${KEPT.version}`;
const DATA = "stadsronde-data";
const PATIENCE_MS = 5_000;
const SHELL_FILES = new Set(KEPT.shell);

self.addEventListener("install", (event) => {
  const files = KEPT.shell.map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(clean().then(() => self.clients.claim()));
});

async function clean() {
  const old = (await caches.keys()).filter((name) => name.startsWith("stadsronde-shell-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === KEPT.page) event.respondWith(thePage(request));
  } else if (SHELL_FILES.has(pathname)) {
    event.respondWith(keptOr(SHELL, pathname, request));
  } else if (/^\/(v1\/base-map|tokens)\//.test(pathname) || /^\/v1\/photos\/.*\/image$/.test(pathname)) {
    event.respondWith(keptOr(DATA, request, request));
  }
});

async function keptOr(name, wanted, request) {
  const cache = await caches.open(name);
  return (await cache.match(wanted)) ?? fetch(request);
}

// The page as it is now, if the server can be reached; whoever is logged out is sent to log in.
async function thePage(request) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status < 500) return answer;
  } catch {
    // No network, or none that answers.
  }
  const cache = await caches.open(DATA);
  return (await cache.match(request)) ?? (await cache.match(request, { ignoreSearch: true })) ?? Response.error();
}
