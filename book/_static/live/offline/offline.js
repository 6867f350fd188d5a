/**
 * The page's side of offline reading: registers the service worker, whose source is in
 * tools/site/offline, sends messages to it, and looks into its caches.
 */

import { get, openStorage, orThrow, remove, set } from "../base/storage.js";

/** The address of the site's root, ending in a slash. */
export const ROOT = new URL("../../../", import.meta.url);
const SWITCH = "offline";
/** @type {?HTMLMetaElement} */
const MARK = document.querySelector("meta[name=tinytorch-build]");
const BUILD = MARK?.content ?? "";
const PREFIX = `tinytorch:${ROOT.pathname}:`;
const LIST = new URL("sw.js?files", ROOT).href;

/**
 * @typedef {object} Share how many files of one kind are cached
 * @property {number} held number of cached files
 * @property {number} total number of files in the build
 * @property {number} bytes size of the cached files
 * @property {number} size size of all files of the build, in bytes
 */

/**
 * @typedef {object} Kept the cached part of a build
 * @property {Share} pages the pages and all files that are not the engine's
 * @property {Share} engine the engine's files
 * @property {string[]} read paths of the cached pages, below the site's root
 */

/**
 * Return whether offline reading is switched on in this browser.
 *
 * @returns {"on" | "off" | "cannot" | "site"} "off": the reader switched it off;
 *   "cannot": the browser or its settings do not allow it; "site": this build of the
 *   site has no service worker
 */
export function offlineState() {
  if (!BUILD) return "site";
  if (!("serviceWorker" in navigator) || !window.caches) return "cannot";
  const chosen = get(openStorage(), SWITCH);
  // The storage is blocked: a reader who does that does not want the book stored
  // either.
  if (chosen === undefined) return "cannot";
  return chosen === "off" ? "off" : "on";
}

/**
 * Switch offline reading on: start the service worker and make it cache the book.
 *
 * @throws {Error} if the browser does not allow it, or the worker cannot cache the
 *   files
 */
export async function turnOn() {
  orThrow(remove(openStorage(), SWITCH));
  await register();
  await send({ kind: "on" }, await navigator.serviceWorker.ready);
  await introduce();
}

/**
 * Switch offline reading off: remove the service worker and its caches, and store the
 * choice.
 *
 * @throws {Error} if the choice cannot be stored, or the worker cannot delete its
 *   caches
 */
export async function turnOff() {
  orThrow(set(openStorage(), SWITCH, "off"));
  const registration = await navigator.serviceWorker.getRegistration(ROOT);
  if (registration?.active) await send({ kind: "off" }, registration);
  await registration?.unregister();
  // The worker has deleted its caches, but there may be caches without a worker.
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/**
 * Make the service worker cache all files of a kind.
 *
 * @param {"pages" | "engine"} kind
 * @throws {Error} if they cannot be cached, with the reason as message
 */
export async function keepFiles(kind) {
  if (offlineState() !== "on") throw new Error("it is switched off");
  await send({ kind: "keep", what: kind }, await navigator.serviceWorker.ready);
}

/**
 * Return how much of the page's build is cached, or of the latest cached build if the
 * page's is not.
 *
 * @returns {Promise<?Kept>} null if no build is cached
 */
export async function whatIsKept() {
  const names = await caches.keys();
  const own = names.filter((name) => name.startsWith(`${PREFIX}build:`));
  const name = own.find((one) => one.endsWith(`:${BUILD}`)) ?? own.at(-1);
  const cache = name && (await caches.open(name));
  const list = await cache?.match(LIST);
  if (!list) return null;
  const { files } = await list.json();
  const urls = new Set((await cache.keys()).map(({ url }) => url));
  const none = { held: 0, total: 0, bytes: 0, size: 0 };
  /** @type {Kept} */
  const told = { pages: { ...none }, engine: { ...none }, read: [] };
  for (const [path, [kind, size]] of Object.entries(files)) {
    const part = told[kind === "engine" ? "engine" : "pages"];
    const held = urls.has(new URL(path, ROOT).href);
    part.total += 1;
    part.size += size;
    if (!held) continue;
    part.held += 1;
    part.bytes += size;
    if (kind === "pages" && path.endsWith(".html")) told.read.push(path);
  }
  return told;
}

/** Register the service worker, and let the browser look for a newer version of it. */
async function register() {
  /** @type {RegistrationOptions} */
  const options = { scope: ROOT.pathname, updateViaCache: "none" };
  const worker = navigator.serviceWorker;
  const registration = await worker.register(new URL("sw.js", ROOT), options);
  // Without this call, the browser looks for a newer worker only when it is idle.
  if (worker.controller) await registration.update();
}

/**
 * Send a message to the service worker, and wait for its answer. The worker's listener
 * is in tools/site/offline/requests.js.
 *
 * @param {{kind: string, what?: string}} message
 * @param {ServiceWorkerRegistration} registration
 * @returns {Promise<void>} rejects with an Error that gives the worker's reason
 */
function send(message, registration) {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) =>
      data.ok ? resolve() : reject(new Error(data.why));
    registration.active.postMessage(message, [port2]);
  });
}

/**
 * Tell the service worker which build this page belongs to: the worker does not know
 * that of a page that was loaded before the worker took over.
 */
async function introduce() {
  const { active } = await navigator.serviceWorker.ready;
  const url = location.href.split("#")[0];
  active.postMessage({ kind: "page", version: BUILD, url });
}

/**
 * Start the service worker, which caches this page and the files that the page needs.
 */
export function startWorker() {
  const worker = navigator.serviceWorker;
  worker.addEventListener("message", ({ data }) => {
    if (data?.kind === "updated") document.dispatchEvent(new Event("tt-updated"));
  });
  worker.addEventListener("controllerchange", introduce);
  window.addEventListener("pageshow", introduce);
  introduce();
  // An error is ignored: the book can be read without a service worker.
  register().catch(() => {});
}
