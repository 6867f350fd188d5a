// The service worker of a site built with OFFLINE=no. It takes the place of an earlier
// build's worker, deletes that worker's caches, and unregisters itself.

const scope = new URL(self.registration.scope).pathname;

async function retire() {
  const names = await caches.keys();
  const own = names.filter((name) => name.startsWith(`tinytorch:${scope}:`));
  await Promise.all(own.map((name) => caches.delete(name)));
  await self.registration.unregister();
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(retire()));
