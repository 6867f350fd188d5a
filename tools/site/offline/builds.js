// The first part of the book's service worker: the caches, one for each build of the
// site. The second part is requests.js; service_worker.py joins both to sw.js and writes
// the list of the build's files as the value of BUILD below.

/**
 * @typedef {object} Build a build of the site, as service_worker.py lists it
 * @property {string} version the build's name; each page of the build has it in a meta
 *   tag
 * @property {Record<string, [kind: "always" | "pages" | "engine", size: number,
 *   digest: string, query: string]>} files by path below the site's root; `kind`: when
 *   the file is cached; `size`: in bytes; `digest`: SHA-256 in base64, empty for a page;
 *   `query`: the query with which pages request the file ("?v=1"), or empty
 */

/** @typedef {{build: Build, cache: Cache}} Kept a cached build and its cache */

/** @type {Build} */
const BUILD = BUILD_OF_THE_SITE;
const SCOPE = self.registration.scope;
const PREFIX = `tinytorch:${new URL(SCOPE).pathname}:`;
const BUILDS = `${PREFIX}build:`;
const PAGES = `${PREFIX}pages`; // the cache that records the build of each open page
const LIST = `${SCOPE}sw.js?files`; // the key of the list of files in a build's cache
const RECENT_MS = 5_000; // a page this young may be missing in self.clients.matchAll()
const AT_ONCE = 4; // how many files are fetched at the same time

/** The builds whose list has been read, by version. @type {Map<string, Build>} */
const builds = new Map();
let off = false; // whether the reader has switched offline reading off

/**
 * Fill this build's cache with the files of kind "always" and with the files that are
 * cached of earlier builds: the same paths, and all of a kind that was cached wholly.
 *
 * @throws {Error} if a file cannot be fetched or stored; the cache is deleted first
 */
async function install() {
  const before = await keptBuilds();
  const name = BUILDS + BUILD.version;
  const cache = await caches.open(name);
  const wanted = new Set(pathsOf(BUILD, "always"));
  for (const old of before) {
    const held = await heldBy(old);
    held.forEach((path) => path in BUILD.files && wanted.add(path));
    for (const kind of ["pages", "engine"]) {
      const all = pathsOf(old.build, kind);
      const whole = all.length && all.every((path) => held.has(path));
      if (whole) pathsOf(BUILD, kind).forEach((path) => wanted.add(path));
    }
  }
  try {
    await fill(cache, [...wanted], before);
    await cache.put(LIST, jsonOf(BUILD));
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
}

/**
 * Put those files of this build into its cache that are not in it yet, copied from
 * other builds or fetched. Stops when offline reading is switched off.
 *
 * @param {Cache} cache this build's cache
 * @param {string[]} paths
 * @param {Kept[]} before other builds, whose caches may hold the same files
 * @returns {Promise<void>}
 * @throws {Error} if a file cannot be fetched or stored
 */
async function fill(cache, paths, before = []) {
  const left = [...paths];
  const work = async () => {
    for (let path = left.pop(); path; path = left.pop()) {
      if (off) return;
      if (await cache.match(SCOPE + path)) continue;
      const known = await copyOf(path, before);
      await cache.put(SCOPE + path, known ?? (await fetchFile(path)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/**
 * Return a file of this build from the cache of another build that has the same file.
 *
 * @param {string} path
 * @param {Kept[]} before the other builds
 * @returns {Promise<Response | undefined>} undefined for a page, and if the file is in
 *   none of these caches
 */
async function copyOf(path, before) {
  const digest = digestOf(BUILD, path);
  if (!digest) return undefined;
  const same = before.find(({ build }) => digestOf(build, path) === digest);
  return same?.cache.match(SCOPE + path);
}

/**
 * Fetch a file of this build from the server.
 *
 * @param {string} path
 * @returns {Promise<Response>}
 * @throws {Error} if the server does not deliver the file, or delivers that of another
 *   build
 */
async function fetchFile(path) {
  const [, , digest, query] = BUILD.files[path];
  const integrity = digest && `sha256-${digest}`;
  const response = await fetch(SCOPE + path + query, { cache: "no-cache", integrity });
  if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
  if (!digest && versionIn(await response.clone().text()) !== BUILD.version) {
    throw new Error(`${path} is of another build`);
  }
  return bareResponse(await response.blob(), response);
}

/**
 * Put all files of a kind into this build's cache.
 *
 * @param {"pages" | "engine"} kind
 * @throws {Error} if offline reading is switched off, the cache is gone, a file cannot
 *   be fetched, or the storage is full
 */
async function keepFiles(kind) {
  const kept = await openBuild(BUILD.version);
  if (off || !kept) throw new Error("nothing is kept here");
  const paths = pathsOf(BUILD, kind);
  try {
    await fill(kept.cache, paths, await keptBuilds());
  } catch (error) {
    if (error.name === "QuotaExceededError" && kind === "engine") {
      // A part of the engine cannot be used: free the storage that it takes.
      await Promise.all(paths.map((path) => kept.cache.delete(SCOPE + path)));
    }
    throw error;
  }
}

/**
 * Delete the records of closed pages, and the caches of builds that no open page is of.
 */
async function tidy() {
  const { installing, waiting } = self.registration;
  // A newer worker may be filling the cache of a build that no page is of yet.
  if (off || installing || waiting) return;
  const open = await self.clients.matchAll({ includeUncontrolled: true, type: "all" });
  const ids = new Set(open.map(({ id }) => id));
  const used = new Set([BUILD.version]);
  const cache = await caches.open(PAGES);
  for (const request of await cache.keys()) {
    const id = new URL(request.url).searchParams.get("id");
    const { version, time } = await (await cache.match(request)).json();
    if (ids.has(id) || Date.now() - time < RECENT_MS) used.add(version);
    else await cache.delete(request);
  }
  const names = await caches.keys();
  const old = (name) => name.startsWith(BUILDS) && !used.has(name.slice(BUILDS.length));
  await Promise.all(names.filter(old).map((name) => caches.delete(name)));
}

/**
 * Switch offline reading on, also in a worker in which it was switched off.
 *
 * @throws {Error} if the cache cannot be filled
 */
async function switchOn() {
  off = false;
  if (!(await openBuild(BUILD.version))) await install();
}

/** Switch offline reading off: delete all caches and unregister this worker. */
async function switchOff() {
  off = true;
  const names = await caches.keys();
  const own = names.filter((name) => name.startsWith(PREFIX));
  await Promise.all(own.map((name) => caches.delete(name)));
  await self.registration.unregister();
}

/**
 * Open the cache of a build.
 *
 * @param {string} version
 * @returns {Promise<?Kept>} null for a build that has no cache, or one whose list of
 *   files is missing because `install` has not finished
 */
async function openBuild(version) {
  if (!version || !(await caches.has(BUILDS + version))) return null;
  const cache = await caches.open(BUILDS + version);
  if (!builds.has(version)) {
    const list = await cache.match(LIST);
    if (!list) return null;
    builds.set(version, await list.json());
  }
  return { build: builds.get(version), cache };
}

/** @returns {Promise<Kept[]>} all cached builds */
async function keptBuilds() {
  const names = (await caches.keys()).filter((name) => name.startsWith(BUILDS));
  const found = names.map((name) => openBuild(name.slice(BUILDS.length)));
  return (await Promise.all(found)).filter(Boolean);
}

/**
 * Return the paths of the files in a build's cache.
 *
 * @param {Kept} kept
 * @returns {Promise<Set<string>>}
 */
async function heldBy({ cache }) {
  return new Set((await cache.keys()).map(({ url }) => pathOf(url)));
}

/**
 * Return the paths of a build's files of one kind.
 *
 * @param {Build} build
 * @param {"always" | "pages" | "engine"} kind
 */
function pathsOf({ files }, kind) {
  return Object.keys(files).filter((path) => files[path][0] === kind);
}

/**
 * Return the SHA-256 of a build's file, in base64.
 *
 * @param {Build} build
 * @param {string} path
 * @returns {string | undefined} empty for a page, undefined for a path that the build
 *   does not have
 */
function digestOf({ files }, path) {
  return files[path]?.[2];
}

/**
 * Return the path below the site's root of an absolute address, decoded, without query.
 *
 * @param {string} url
 * @returns {?string} null for an address outside of the site
 */
function pathOf(url) {
  if (!url.startsWith(SCOPE)) return null;
  return decodeURI(url.slice(SCOPE.length).split(/[?#]/)[0]);
}

/**
 * Return the path of the file that a static host serves for the path of a page.
 *
 * @param {string} path "" or "chapters/01_tensor", for example
 * @returns {string | undefined} undefined if this build has no such file
 */
function servedFile(path) {
  const names = [path, `${path}index.html`, `${path}.html`, `${path}/index.html`];
  return names.find((name) => name in BUILD.files);
}

/**
 * Return the version of the build that a page belongs to.
 *
 * @param {string} text the page's HTML
 * @returns {string} empty for a page without the meta tag
 */
function versionIn(text) {
  return /<meta name="tinytorch-build" content="(\w+)"/.exec(text)?.[1] ?? "";
}

/**
 * Return a response with a value as JSON. Some readers' browsers lack Response.json.
 *
 * @param {unknown} data
 * @returns {Response}
 */
function jsonOf(data) {
  const headers = { "Content-Type": "application/json" };
  return new Response(JSON.stringify(data), { headers });
}

/**
 * Return a response with a body and, of the headers of another response, Content-Type.
 *
 * @param {BodyInit} body
 * @param {Response} response the response whose Content-Type is copied
 * @returns {Response}
 */
function bareResponse(body, { headers }) {
  const type = headers.get("Content-Type") ?? "application/octet-stream";
  return new Response(body, { headers: { "Content-Type": type } });
}

async function sha256(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
