// The second part of the book's service worker: it answers the requests of pages, so
// that the book can be read offline. Its caches are in builds.js, which stands above
// this file in sw.js.
//
// Each build of the site has a cache of its own. A page comes from the network where
// there is one. As long as the page is open, its files come from the cache of the build
// that the page is marked with. That cache takes files from the network only if their
// hash is the build's. So no page ever gets files of another build.

const PATIENCE_MS = 4000; // for a network that is connected and delivers nothing

/** Versions by client id, as in the cache PAGES. @type {Map<string, string>} */
const openPages = new Map();

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
  if (data?.kind === "keep") answer(keepFiles(data.what));
  if (data?.kind === "off") answer(switchOff());
  if (data?.kind === "on") answer(switchOn());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = pathOf(request.url);
  const foreign = path === null || path.startsWith("live/") || path === "sw.js";
  if (off || foreign || request.method !== "GET") return;
  const answer = request.mode === "navigate" ? answerPage : answerFile;
  // Whatever goes wrong in here, the page gets at least what it gets without a worker.
  event.respondWith(answer(event, path).catch(() => fetch(request)));
});

/**
 * Note an open page, and keep it. A page that was open before this worker has not come
 * through `answerPage`.
 *
 * @param {string} id of its client
 * @param {{version: string, url: string}} page what the page says of itself
 */
async function welcome(id, { version, url }) {
  await remember(id, version);
  const path = servedFile(pathOf(url) ?? "");
  if (off || !path || version !== BUILD.version) return;
  if (!(await openBuild(version))) await install(); // the browser had deleted it
  const { cache } = await openBuild(version);
  await fill(cache, [path]);
}

/**
 * Answer the request of a page: from the network where it delivers, else from the cache.
 *
 * @param {FetchEvent} event
 * @param {string} path
 * @returns {Promise<Response>}
 */
async function answerPage(event, path) {
  const { request, resultingClientId } = event;
  const name = servedFile(path);
  const kept = await openBuild(BUILD.version);
  const copy = name && (await kept?.cache.match(SCOPE + name));
  try {
    const init = { cache: "no-cache", redirect: "manual", credentials: "same-origin" };
    if (copy && !isLoopback()) init.signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(request.url, init);
    if (copy && response.status >= 500) throw new Error("the server is not well");
    if (response.type === "opaqueredirect") return response;
    // The whole content: a stream breaks off when another worker takes over.
    const content = await response.blob();
    const version = response.ok ? versionIn(await content.text()) : "";
    await remember(resultingClientId, version);
    if (kept && name && version === BUILD.version) {
      event.waitUntil(keepRead(kept, name, bareResponse(content, response)));
    }
    event.waitUntil(tidy());
    const { status, statusText, headers } = response;
    return new Response(content, { status, statusText, headers });
  } catch {
    await remember(resultingClientId, BUILD.version);
    return copy ?? notKept(kept);
  }
}

/**
 * Keep a page that is read. From the second one on, keep all pages: it is a reader, not
 * a passer-by, and not one who asked the browser to save data.
 *
 * @param {Kept} kept
 * @param {string} name
 * @param {Response} response
 */
async function keepRead(kept, name, response) {
  await kept.cache.put(SCOPE + name, response);
  const held = await heldBy(kept);
  const read = pathsOf(BUILD, "pages").filter((path) => held.has(path));
  const sparing = navigator.connection?.saveData;
  if (read.length > 1 && !sparing) await keepFiles("pages").catch(() => {});
}

/**
 * The page that says that a page is not kept.
 *
 * @param {?Kept} kept
 * @returns {Promise<Response>}
 */
async function notKept(kept) {
  const instead = await kept?.cache.match(`${SCOPE}offline.html`);
  if (!instead) return Response.error();
  const text = await instead.text();
  const based = text.replace(/<base href="[^"]*"/, `<base href="${SCOPE}"`);
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  return new Response(based, { status: 503, headers });
}

/**
 * Answer the request of a file with the one of the asking page's own build.
 *
 * @param {FetchEvent} event
 * @param {string} path
 * @returns {Promise<Response>}
 */
async function answerFile(event, path) {
  const { request, clientId, resultingClientId } = event;
  const version = await versionOf(clientId);
  const kept = await openBuild(version);
  const known = kept && path in kept.build.files && digestOf(kept.build, path);
  if (kept && resultingClientId) await remember(resultingClientId, version);
  if (known) {
    const copy = await kept.cache.match(SCOPE + path);
    return copy ?? streamChecked(event, kept, path);
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

/**
 * Pass a file on while it comes, and keep it. The stream ends with an error where the
 * file's hash is another build's.
 *
 * @param {FetchEvent} event
 * @param {Kept} kept
 * @param {string} path
 * @returns {Promise<Response>}
 */
async function streamChecked(event, kept, path) {
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
      const put = off || kept.cache.put(SCOPE + path, bareResponse(content, response));
      Promise.resolve(put).catch(() => {}).finally(finish);
    },
  });
  response.body.pipeTo(check.writable).catch(finish);
  return bareResponse(check.readable, response);
}

/**
 * Tell the pages of a build that the site is of another build by now.
 *
 * @param {string} version
 */
async function tellUpdated(version) {
  for (const client of await self.clients.matchAll()) {
    const own = (await versionOf(client.id)) === version;
    if (own) client.postMessage({ kind: "updated" });
  }
}

/**
 * Note which build an open page is of. In a cache too: the browser ends a worker that
 * has nothing to do, and its variables with it.
 *
 * @param {string} id of the page's client
 * @param {string} version
 */
async function remember(id, version) {
  if (off || !id) return;
  openPages.set(id, version);
  const record = jsonOf({ version, time: Date.now() });
  try {
    const cache = await caches.open(PAGES);
    await cache.put(`${SCOPE}sw.js?id=${id}`, record);
  } catch {
    // The storage is full: the note lasts as long as this worker.
  }
}

/**
 * The build that an open page is of.
 *
 * @param {string} id of the page's client
 * @returns {Promise<string>} empty where it is not known
 */
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
