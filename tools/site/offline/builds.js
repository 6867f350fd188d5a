// The first part of the book's service worker: its caches, one for each build of the
// site. The second part is requests.js; service_worker.py puts both into sw.js.

/**
 * @typedef {object} Build a build of the site, as service_worker.py lists it
 * @property {string} version its name, which stands in each of its pages
 * @property {Record<string, [kind: "always" | "pages" | "engine", size: number,
 *   digest: string, query: string]>} files by path below the site's root; `digest`:
 *   SHA-256 in base64, empty for a page; `query`: as pages ask for the file
 */

/** @typedef {{build: Build, cache: Cache}} Kept a build with a cache of its own */

/** @type {Build} */
const BUILD = BUILD_OF_THE_SITE;
const SCOPE = self.registration.scope;
const PREFIX = `tinytorch:${new URL(SCOPE).pathname}:`;
const BUILDS = `${PREFIX}build:`;
const PAGES = `${PREFIX}pages`; // which open page is of which build
const LIST = `${SCOPE}sw.js?files`; // where a build's cache holds its list of files
const RECENT_MS = 5_000; // a page this young may not be among the open ones yet
const AT_ONCE = 4;

/** Builds whose list has been read, by version. @type {Map<string, Build>} */
const builds = new Map();
let off = false; // whether the reader has switched offline reading off

/**
 * Fill this build's cache: with the files that every page needs, and with those that
 * were kept of earlier builds.
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
 * Put files of this build into its cache, copied from other builds or fetched.
 *
 * @param {Cache} cache
 * @param {string[]} paths
 * @param {Kept[]} before other builds that may hold the same files
 * @returns {Promise<void>}
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
 * The same file from another build's cache.
 *
 * @param {string} path
 * @param {Kept[]} before
 * @returns {Promise<Response | undefined>}
 */
async function copyOf(path, before) {
  const digest = digestOf(BUILD, path);
  if (!digest) return undefined;
  const same = before.find(({ build }) => digestOf(build, path) === digest);
  return same?.cache.match(SCOPE + path);
}

/**
 * Fetch a file of this build.
 *
 * @param {string} path
 * @returns {Promise<Response>}
 * @throws {Error} where the site is of another build by now
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
 * @throws {Error} where the cache is gone, or the storage is full
 */
async function keepFiles(kind) {
  const kept = await openBuild(BUILD.version);
  if (off || !kept) throw new Error("nothing is kept here");
  const paths = pathsOf(BUILD, kind);
  try {
    await fill(kept.cache, paths, await keptBuilds());
  } catch (error) {
    if (error.name === "QuotaExceededError" && kind === "engine") {
      // A part of the engine is of no use: give its room back.
      await Promise.all(paths.map((path) => kept.cache.delete(SCOPE + path)));
    }
    throw error;
  }
}

/** Delete the records of closed pages, and the caches of builds that no page uses. */
async function tidy() {
  const { installing, waiting } = self.registration;
  // A newer worker may be filling a cache that no page uses yet.
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

/** Keep the book again, in a worker that was told before to keep nothing. */
async function switchOn() {
  off = false;
  if (!(await openBuild(BUILD.version))) await install();
}

/** Delete all caches, and end this worker when its pages are closed. */
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
 * @returns {Promise<?Kept>} null for a build that is not kept, or not wholly installed
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

/** @returns {Promise<Kept[]>} all builds that are kept */
async function keptBuilds() {
  const names = (await caches.keys()).filter((name) => name.startsWith(BUILDS));
  const found = names.map((name) => openBuild(name.slice(BUILDS.length)));
  return (await Promise.all(found)).filter(Boolean);
}

/**
 * @param {Kept} kept
 * @returns {Promise<Set<string>>} the paths of the files in a build's cache
 */
async function heldBy({ cache }) {
  return new Set((await cache.keys()).map(({ url }) => pathOf(url)));
}

/**
 * @param {Build} build
 * @param {"always" | "pages" | "engine"} kind
 */
function pathsOf({ files }, kind) {
  return Object.keys(files).filter((path) => files[path][0] === kind);
}

/**
 * @param {Build} build
 * @param {string} path
 * @returns {string | undefined} empty for a page, undefined for a file of no build
 */
function digestOf({ files }, path) {
  return files[path]?.[2];
}

/**
 * The path of an address below the site's root.
 *
 * @param {string} url
 * @returns {?string} null for an address elsewhere
 */
function pathOf(url) {
  if (!url.startsWith(SCOPE)) return null;
  return decodeURI(url.slice(SCOPE.length).split(/[?#]/)[0]);
}

/**
 * The file that a static host serves for a page's path.
 *
 * @param {string} path
 * @returns {string | undefined} undefined for a path that this build does not have
 */
function servedFile(path) {
  const names = [path, `${path}index.html`, `${path}.html`, `${path}/index.html`];
  return names.find((name) => name in BUILD.files);
}

/**
 * @param {string} text of a page
 * @returns {string} the version of its build; empty for a page without a mark
 */
function versionIn(text) {
  return /<meta name="tinytorch-build" content="(\w+)"/.exec(text)?.[1] ?? "";
}

/**
 * A response of JSON. Response.json is younger than some browsers that readers have.
 *
 * @param {unknown} data
 * @returns {Response}
 */
function jsonOf(data) {
  const headers = { "Content-Type": "application/json" };
  return new Response(JSON.stringify(data), { headers });
}

/**
 * A copy of a response without the host's headers, but for the type of its content.
 *
 * @param {BodyInit} body
 * @param {Response} response
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
