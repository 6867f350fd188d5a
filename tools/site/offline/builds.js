// The service worker of the book, first part: the builds of the site that are kept.
// Its second part is requests.js; service_worker.py puts both into sw.js.

const BUILD = BUILD_OF_THE_SITE;
const SCOPE = self.registration.scope;
const PREFIX = `tinytorch:${new URL(SCOPE).pathname}:`;
const BUILDS = `${PREFIX}build:`;
const PAGES = `${PREFIX}pages`; // which open page is of which build
const LIST = `${SCOPE}sw.js?files`; // where a build's cache holds its list of files
const RECENT_MS = 5_000; // a page this young may not be among the open ones yet
const AT_ONCE = 4;

const builds = new Map(); // lists of files that have been read, by version
let off = false; // the reader has switched this off

/** Keep this build: what every page needs, and what was kept of the one before. */
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

/** Put files of this build into its cache: from builds that hold them, or fetched. */
async function fill(cache, paths, before = []) {
  const left = [...paths];
  const work = async () => {
    for (let path = left.pop(); path; path = left.pop()) {
      if (off) return;
      if (await cache.match(SCOPE + path)) continue;
      const known = await copyOf(path, before);
      await cache.put(SCOPE + path, known ?? (await fetched(path)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function copyOf(path, before) {
  const digest = digestOf(BUILD, path);
  if (!digest) return undefined;
  const same = before.find(({ build }) => digestOf(build, path) === digest);
  return same?.cache.match(SCOPE + path);
}

/** A file of this build from the network; an error if the site has another. */
async function fetched(path) {
  const [, , digest, query] = BUILD.files[path];
  const integrity = digest && `sha256-${digest}`;
  const response = await fetch(SCOPE + path + query, { cache: "no-cache", integrity });
  if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
  if (!digest && versionIn(await response.clone().text()) !== BUILD.version) {
    throw new Error(`${path} is of another build`);
  }
  return plain(await response.blob(), response);
}

/** Keep a kind of files, "pages" or "engine", whole. */
async function keep(what) {
  const kept = await openBuild(BUILD.version);
  if (off || !kept) throw new Error("nothing is kept here");
  const paths = pathsOf(BUILD, what);
  try {
    await fill(kept.cache, paths, await keptBuilds());
  } catch (error) {
    if (error.name === "QuotaExceededError" && what === "engine") {
      // A part of it is of no use: what it took is given back.
      await Promise.all(paths.map((path) => kept.cache.delete(SCOPE + path)));
    }
    throw error;
  }
}

/** Forget pages that are closed, and builds that no page uses. */
async function tidy() {
  const { installing, waiting } = self.registration;
  if (off || installing || waiting) return; // which may be filling a cache of its own
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

/** Keep the book again, with a worker that was told before to keep nothing. */
async function switchOn() {
  off = false;
  if (!(await openBuild(BUILD.version))) await install();
}

async function switchOff() {
  off = true;
  const names = await caches.keys();
  const own = names.filter((name) => name.startsWith(PREFIX));
  await Promise.all(own.map((name) => caches.delete(name)));
  await self.registration.unregister();
}

/** A build that is kept: `{build, cache}`, or null. */
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

async function keptBuilds() {
  const names = (await caches.keys()).filter((name) => name.startsWith(BUILDS));
  const found = names.map((name) => openBuild(name.slice(BUILDS.length)));
  return (await Promise.all(found)).filter(Boolean);
}

async function heldBy({ cache }) {
  return new Set((await cache.keys()).map(({ url }) => pathOf(url)));
}

function pathsOf({ files }, kind) {
  return Object.keys(files).filter((path) => files[path][0] === kind);
}

function digestOf({ files }, path) {
  return files[path]?.[2];
}

/** The path of an address below the site's root; null for one elsewhere. */
function pathOf(url) {
  if (!url.startsWith(SCOPE)) return null;
  return decodeURI(url.slice(SCOPE.length).split(/[?#]/)[0]);
}

/** The file that a host serves for a page's path; undefined for none of this build. */
function nameOf(path) {
  const names = [path, `${path}index.html`, `${path}.html`, `${path}/index.html`];
  return names.find((name) => name in BUILD.files);
}

function versionIn(text) {
  return /<meta name="tinytorch-build" content="(\w+)"/.exec(text)?.[1] ?? "";
}

/** A response of JSON; Response.json is younger than some browsers that come here. */
function jsonOf(data) {
  const headers = { "Content-Type": "application/json" };
  return new Response(JSON.stringify(data), { headers });
}

/** A response that holds nothing but its content and what kind that is. */
function plain(body, { headers }) {
  const type = headers.get("Content-Type") ?? "application/octet-stream";
  return new Response(body, { headers: { "Content-Type": type } });
}

async function sha256(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
