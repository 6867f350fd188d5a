/** Entry point of every page: caches the book for offline use, once it has loaded. */

import { offlineState, startWorker } from "./offline/offline.js";

/** Call a function when the page has loaded and the browser has nothing else to do. */
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
