// In the place of a worker that kept the book: removes what that kept, and itself.

const scope = new URL(self.registration.scope).pathname;

async function retire() {
  const names = await caches.keys();
  const own = names.filter((name) => name.startsWith(`tinytorch:${scope}:`));
  await Promise.all(own.map((name) => caches.delete(name)));
  await self.registration.unregister();
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(retire()));
