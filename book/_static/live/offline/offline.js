/** Keeps the book for reading without a network, unless the reader says otherwise. */

import { get, openStorage, orThrow, remove, set } from "../base/storage.js";

export const ROOT = new URL("../../../", import.meta.url);
const SWITCH = "offline";
const BUILD = document.querySelector("meta[name=tinytorch-build]")?.content ?? "";
const PREFIX = `tinytorch:${ROOT.pathname}:`;
const LIST = new URL("sw.js?files", ROOT).href;

/** Tell whether the book may be kept: "on", "off", "cannot" here, or not by this "site". */
export function wanted() {
  if (!BUILD) return "site";
  if (!("serviceWorker" in navigator) || !window.caches) return "cannot";
  const chosen = get(openStorage(), SWITCH);
  // Whoever lets nothing be stored does not want the book stored.
  if (chosen === undefined) return "cannot";
  return chosen === "off" ? "off" : "on";
}

/** Keep the book from now on; rejects where the browser does not allow it. */
export async function turnOn() {
  orThrow(remove(openStorage(), SWITCH));
  await register();
  await tell({ kind: "on" }, await navigator.serviceWorker.ready);
  await introduce();
}

/** Remove all that is kept, and the worker; and remember that. */
export async function turnOff() {
  orThrow(set(openStorage(), SWITCH, "off"));
  const registration = await navigator.serviceWorker.getRegistration(ROOT);
  if (registration?.active) await tell({ kind: "off" }, registration);
  await registration?.unregister();
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** Keep all pages, or the engine: "pages" or "engine". Rejects when it cannot be. */
export async function keep(what) {
  if (wanted() !== "on") throw new Error("it is switched off");
  await tell({ kind: "keep", what }, await navigator.serviceWorker.ready);
}

/**
 * Tell what of this build is kept.
 *
 * @returns {Promise<{pages: Kept, engine: Kept, read: string[]} | null>} Kept:
 *   `{held, total, bytes, size}`, files and bytes held, and of how many; `read`: the
 *   paths of the pages that are kept; null where nothing is.
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
  const told = { read: [] };
  for (const kind of ["pages", "engine"]) {
    told[kind] = { held: 0, total: 0, bytes: 0, size: 0 };
  }
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

async function register() {
  const options = { scope: ROOT.pathname, updateViaCache: "none" };
  const worker = navigator.serviceWorker;
  const registration = await worker.register(new URL("sw.js", ROOT), options);
  // Left to itself, a browser looks for a new one only when it has nothing else to do.
  if (worker.controller) await registration.update();
}

/** Send a message to the worker and wait for what became of it. */
function tell(message, registration) {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) =>
      data.ok ? resolve() : reject(new Error(data.why));
    registration.active.postMessage(message, [port2]);
  });
}

/** Tell the worker which build this page is of: it may not have come through it. */
async function introduce() {
  const { active } = await navigator.serviceWorker.ready;
  const url = location.href.split("#")[0];
  active.postMessage({ kind: "page", version: BUILD, url });
}

/** Begin to keep this page, and what it needs. */
export function begin() {
  const worker = navigator.serviceWorker;
  worker.addEventListener("message", ({ data }) => {
    if (data?.kind === "updated") document.dispatchEvent(new Event("tt-updated"));
  });
  worker.addEventListener("controllerchange", introduce);
  window.addEventListener("pageshow", introduce);
  introduce();
  // Nothing is lost where this fails: the book is read as without a worker.
  register().catch(() => {});
}
