/** On every page: begins to keep the book once the page is there, and says so if asked. */

import { offlineState, startWorker } from "./offline/offline.js";

function whenLoaded(action) {
  const later = () => (window.requestIdleCallback ?? setTimeout)(action);
  if (document.readyState === "complete") later();
  else window.addEventListener("load", later, { once: true });
}

if (offlineState() === "on") whenLoaded(startWorker);
const place = document.querySelector("[data-offline]");
if (place) import("./offline/offline-panel.js").then(({ show }) => show(place));
