// The second part of the book's service worker: it answers the requests of pages, so
// that the book can be read offline. The caches are in builds.js, which
// service_worker.py puts before this file in sw.js.
//
// Each build of the site has a cache of its own. A page comes from the network if there
// is one, else from the cache. As long as the page is open, its files come from the
// cache of the build that the page is marked with. A file from the network is put into
// that cache only if its hash is the build's. So a page gets no files of another build.

const PATIENCE_MS = 4000; // how long to wait for a page before a cached copy is shown

/** The build's version of each open page, by client id, as in the records of the cache
 * PAGES; empty for a page without a version. @type {Map<string, string>} */
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
  // After an error in the worker, the page gets what it would get without a worker.
  event.respondWith(answer(event, path).catch(() => fetch(request)));
});

/**
 * Record the build of an open page, and cache the page if the build is this worker's. A
 * page that was loaded before this worker took over has not been through `answerPage`.
 *
 * @param {string} id the page's client id
 * @param {{version: string, url: string}} page the page's build and address
 * @throws {Error} if the page cannot be cached
 */
async function welcome(id, { version, url }) {
  await remember(id, version);
  const path = servedFile(pathOf(url) ?? "");
  if (off || !path || version !== BUILD.version) return;
  if (!(await openBuild(version))) await install(); // the browser has deleted the cache
  const { cache } = await openBuild(version);
  await fill(cache, [path]);
}

/**
 * Answer the request for a page: from the network if it delivers, else from the cache,
 * else with the page that says that the requested page is not cached.
 *
 * @param {FetchEvent} event
 * @param {string} path of the page, below the site's root
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
    // Read the whole content first: a stream breaks off when another worker takes over.
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
 * Cache a page that is being read. From the second page on, cache all pages, since
 * someone who reads two will probably read more, unless the browser is set to save
 * data.
 *
 * @param {Kept} kept this build
 * @param {string} name path of the page's file
 * @param {Response} response the page
 */
async function keepRead(kept, name, response) {
  await kept.cache.put(SCOPE + name, response);
  const held = await heldBy(kept);
  const read = pathsOf(BUILD, "pages").filter((path) => held.has(path));
  const sparing = navigator.connection?.saveData;
  if (read.length > 1 && !sparing) await keepFiles("pages").catch(() => {});
}

/**
 * Return the page that says that the requested page is not cached, with status 503.
 *
 * @param {?Kept} kept this build; null if it has no cache
 * @returns {Promise<Response>} a network error if that page is not cached either
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
 * Answer a page's request for a file with the file of the build that the page belongs
 * to. A file that is not in the build's list comes from the network, or else from the
 * cache.
 *
 * @param {FetchEvent} event
 * @param {string} path of the file, below the site's root
 * @returns {Promise<Response>}
 * @throws {Error} if there is neither a network nor a cached copy
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
 * Fetch a file, pass its content on as it arrives, and cache it at the end. If the
 * file's hash is not the build's, the stream ends with an error.
 *
 * @param {FetchEvent} event
 * @param {Kept} kept the build that the requesting page belongs to
 * @param {string} path of the file, below the site's root
 * @returns {Promise<Response>} the server's own response if its status is an error
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
 * Tell the open pages of a build that the site has been replaced by another build.
 *
 * @param {string} version of the build that the pages belong to
 */
async function tellUpdated(version) {
  for (const client of await self.clients.matchAll()) {
    const own = (await versionOf(client.id)) === version;
    if (own) client.postMessage({ kind: "updated" });
  }
}

/**
 * Record which build an open page belongs to, in `openPages` and in the cache PAGES:
 * the browser ends an idle worker, and the worker's variables are lost then.
 *
 * @param {string} id the page's client id; nothing is recorded for an empty one
 * @param {string} version of the build; empty if the page is marked with none
 */
async function remember(id, version) {
  if (off || !id) return;
  openPages.set(id, version);
  const record = jsonOf({ version, time: Date.now() });
  try {
    const cache = await caches.open(PAGES);
    await cache.put(`${SCOPE}sw.js?id=${id}`, record);
  } catch {
    // The storage is full: the record lasts only as long as this worker runs.
  }
}

/**
 * Return the version of the build that an open page belongs to.
 *
 * @param {string} id the page's client id
 * @returns {Promise<string>} empty if the build is not known
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
