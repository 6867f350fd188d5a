/**
 * The page's side of the service worker that keeps the book for reading offline; the
 * worker is tools/site/offline.
 */

import { get, openStorage, orThrow, remove, set } from "../base/storage.js";

/** The site's root. */
export const ROOT = new URL("../../../", import.meta.url);
const SWITCH = "offline";
/** @type {?HTMLMetaElement} */
const MARK = document.querySelector("meta[name=tinytorch-build]");
const BUILD = MARK?.content ?? "";
const PREFIX = `tinytorch:${ROOT.pathname}:`;
const LIST = new URL("sw.js?files", ROOT).href;

/**
 * @typedef {object} Share how much of a kind of files is kept
 * @property {number} held files that are kept
 * @property {number} total files of this build
 * @property {number} bytes of the files that are kept
 * @property {number} size bytes of all files
 */

/**
 * @typedef {object} Kept
 * @property {Share} pages
 * @property {Share} engine
 * @property {string[]} read paths of the pages that are kept
 */

/**
 * Tell whether the book is kept in this browser.
 *
 * @returns {"on" | "off" | "cannot" | "site"} "off": the reader switched it off;
 *   "cannot": this browser or its settings do not allow it; "site": this build has no
 *   service worker
 */
export function offlineState() {
  if (!BUILD) return "site";
  if (!("serviceWorker" in navigator) || !window.caches) return "cannot";
  const chosen = get(openStorage(), SWITCH);
  // A reader who blocks storage does not want the book stored.
  if (chosen === undefined) return "cannot";
  return chosen === "off" ? "off" : "on";
}

/**
 * Keep the book from now on.
 *
 * @throws {Error} where the browser does not allow it
 */
export async function turnOn() {
  orThrow(remove(openStorage(), SWITCH));
  await register();
  await send({ kind: "on" }, await navigator.serviceWorker.ready);
  await introduce();
}

/** Remove the service worker and all that it keeps, and remember that choice. */
export async function turnOff() {
  orThrow(set(openStorage(), SWITCH, "off"));
  const registration = await navigator.serviceWorker.getRegistration(ROOT);
  if (registration?.active) await send({ kind: "off" }, registration);
  await registration?.unregister();
  // Again from here: there may be caches, and no worker to remove them.
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/**
 * Keep all files of a kind.
 *
 * @param {"pages" | "engine"} kind
 * @throws {Error} where they cannot be kept; its message says why
 */
export async function keepFiles(kind) {
  if (offlineState() !== "on") throw new Error("it is switched off");
  await send({ kind: "keep", what: kind }, await navigator.serviceWorker.ready);
}

/**
 * Look up how much of this build is kept.
 *
 * @returns {Promise<?Kept>} null where nothing is
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

/** Register the service worker, and look for a newer one. */
async function register() {
  /** @type {RegistrationOptions} */
  const options = { scope: ROOT.pathname, updateViaCache: "none" };
  const worker = navigator.serviceWorker;
  const registration = await worker.register(new URL("sw.js", ROOT), options);
  // By itself a browser looks for a newer worker only when it has nothing else to do.
  if (worker.controller) await registration.update();
}

/**
 * Send a message to the worker; see requests.js, which answers each.
 *
 * @param {{kind: string, what?: string}} message
 * @param {ServiceWorkerRegistration} registration
 * @returns {Promise<void>} rejects with the reason that the worker gives
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
 * Tell the worker which build this page is of. It does not know of a page that was
 * loaded before it took over.
 */
async function introduce() {
  const { active } = await navigator.serviceWorker.ready;
  const url = location.href.split("#")[0];
  active.postMessage({ kind: "page", version: BUILD, url });
}

/** Start the service worker, which keeps this page and the files that it needs. */
export function startWorker() {
  const worker = navigator.serviceWorker;
  worker.addEventListener("message", ({ data }) => {
    if (data?.kind === "updated") document.dispatchEvent(new Event("tt-updated"));
  });
  worker.addEventListener("controllerchange", introduce);
  window.addEventListener("pageshow", introduce);
  introduce();
  // Where this fails, the book is read as it is without a worker.
  register().catch(() => {});
}
