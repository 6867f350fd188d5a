/**
 * Entry point of every page: starts the service worker for offline reading after the
 * page has loaded, and fills the element that shows what is cached, if the page has
 * one.
 */

import { offlineState, startWorker } from "./offline/offline.js";

/** Call a function after the page has loaded, when the browser is idle. */
function whenLoaded(action) {
  // Not every browser has requestIdleCallback.
  const later = () => (window.requestIdleCallback ?? setTimeout)(action);
  if (document.readyState === "complete") later();
  else window.addEventListener("load", later, { once: true });
}

if (offlineState() === "on") whenLoaded(startWorker);
/** @type {?HTMLElement} */
const place = document.querySelector("[data-offline]");
if (place) import("./offline/offline-panel.js").then(({ show }) => show(place));
