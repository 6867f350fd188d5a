// The service worker of the book: keeps it for reading without a network. What it
// keeps is in builds.js, which stands above this in sw.js.
//
// A build of the site is kept in a cache of its own. A page comes from the network
// where there is one; the build it is marked with decides where its files come from,
// as long as it is open: that build's cache, filled from the network only with files
// whose hash is the build's. So no page ever gets files of another build.

const PATIENCE_MS = 4000; // for a network that is there and gives nothing
const openPages = new Map(); // as in the cache PAGES

self.addEventListener("install", (event) => {
  event.waitUntil(install().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim().then(tidy));
});

self.addEventListener("message", (event) => {
  const { data, source, ports } = event;
  const answer = (work) =>
    event.waitUntil(
      work.then(
        () => ports[0]?.postMessage({ ok: true }),
        (error) => ports[0]?.postMessage({ ok: false, why: error.message }),
      ),
    );
  if (data?.kind === "page") answer(welcome(source.id, data));
  if (data?.kind === "keep") answer(keep(data.what));
  if (data?.kind === "off") answer(switchOff());
  if (data?.kind === "on") answer(switchOn());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = pathOf(request.url);
  const foreign = path === null || path.startsWith("live/") || path === "sw.js";
  if (off || foreign || request.method !== "GET") return;
  const answer = request.mode === "navigate" ? page : file;
  // Whatever goes wrong in here, the page is at least what it is without a worker.
  event.respondWith(answer(event, path).catch(() => fetch(request)));
});

/** A page says what it is: one that was open before this worker is not known yet. */
async function welcome(id, { version, url }) {
  await remember(id, version);
  const path = nameOf(pathOf(url) ?? "");
  if (off || !path || version !== BUILD.version) return;
  if (!(await openBuild(version))) await install(); // the browser took it away
  const { cache } = await openBuild(version);
  await fill(cache, [path]);
}

/** A page: the site's, where it answers, else the one that is kept. */
async function page(event, path) {
  const { request, resultingClientId } = event;
  const name = nameOf(path);
  const kept = await openBuild(BUILD.version);
  const copy = name && (await kept?.cache.match(SCOPE + name));
  try {
    const init = { cache: "no-cache", redirect: "manual", credentials: "same-origin" };
    if (copy && !isLoopback()) init.signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(request.url, init);
    if (copy && response.status >= 500) throw new Error("the server is not well");
    if (response.type === "opaqueredirect") return response;
    // Whole: a stream would break off if another worker took over from this one.
    const content = await response.blob();
    const version = response.ok ? versionIn(await content.text()) : "";
    await remember(resultingClientId, version);
    if (kept && name && version === BUILD.version) {
      event.waitUntil(keepRead(kept, name, plain(content, response)));
    }
    event.waitUntil(tidy());
    const { status, statusText, headers } = response;
    return new Response(content, { status, statusText, headers });
  } catch {
    await remember(resultingClientId, BUILD.version);
    return copy ?? notKept(kept);
  }
}

/** Keep a page that is read; from the second on, all of them: somebody reads here. */
async function keepRead(kept, name, response) {
  await kept.cache.put(SCOPE + name, response);
  const held = await heldBy(kept);
  const read = pathsOf(BUILD, "pages").filter((path) => held.has(path));
  const sparing = navigator.connection?.saveData;
  if (read.length > 1 && !sparing) await keep("pages").catch(() => {});
}

async function notKept(kept) {
  const instead = await kept?.cache.match(`${SCOPE}offline.html`);
  if (!instead) return Response.error();
  const text = await instead.text();
  const based = text.replace(/<base href="[^"]*"/, `<base href="${SCOPE}"`);
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  return new Response(based, { status: 503, headers });
}

/** A file that a page asks for: the one of the page's own build. */
async function file(event, path) {
  const { request, clientId, resultingClientId } = event;
  const version = await versionOf(clientId);
  const kept = await openBuild(version);
  const known = kept && path in kept.build.files && digestOf(kept.build, path);
  if (kept && resultingClientId) await remember(resultingClientId, version);
  if (known) {
    const copy = await kept.cache.match(SCOPE + path);
    return copy ?? checked(event, kept, path);
  }
  const revalidated = request.cache === "default" ? { cache: "no-cache" } : {};
  try {
    return await fetch(request, revalidated);
  } catch (error) {
    const now = version ? kept : await openBuild(BUILD.version);
    const copy = await now?.cache.match(SCOPE + path);
    if (copy) return copy;
    throw error;
  }
}

/** Pass a file on as it comes and keep it; it breaks off if it is another build's. */
async function checked(event, kept, path) {
  const response = await fetch(event.request, { cache: "no-cache", integrity: "" });
  if (response.status === 404) await tellUpdated(kept.build.version);
  if (!response.ok) return response;
  const chunks = [];
  let finish;
  event.waitUntil(new Promise((resolve) => (finish = resolve)));
  const check = new TransformStream({
    transform(chunk, controller) {
      chunks.push(chunk);
      controller.enqueue(chunk);
    },
    async flush(controller) {
      const content = new Blob(chunks);
      if ((await sha256(content)) !== digestOf(kept.build, path)) {
        controller.error(new TypeError(`${path} is of another build`));
        await tellUpdated(kept.build.version).finally(finish);
        return;
      }
      const put = off || kept.cache.put(SCOPE + path, plain(content, response));
      Promise.resolve(put).catch(() => {}).finally(finish);
    },
  });
  response.body.pipeTo(check.writable).catch(finish);
  return plain(check.readable, response);
}

/** Tell the pages of a build that the site is no longer of that build. */
async function tellUpdated(version) {
  for (const client of await self.clients.matchAll()) {
    const own = (await versionOf(client.id)) === version;
    if (own) client.postMessage({ kind: "updated" });
  }
}

async function remember(id, version) {
  if (off || !id) return;
  openPages.set(id, version);
  const record = jsonOf({ version, time: Date.now() });
  try {
    const cache = await caches.open(PAGES);
    await cache.put(`${SCOPE}sw.js?id=${id}`, record);
  } catch {
    // a full storage: known as long as this worker runs
  }
}

async function versionOf(id) {
  if (!id || openPages.has(id)) return openPages.get(id) ?? "";
  const record = await caches.match(`${SCOPE}sw.js?id=${id}`, { cacheName: PAGES });
  const version = record ? (await record.json()).version : "";
  openPages.set(id, version);
  return version;
}

function isLoopback() {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(SCOPE).hostname);
}
