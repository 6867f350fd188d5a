/**
 * Shows how much of the book is cached for offline reading, with buttons to change
 * that.
 */

import { button, loadSheet, make } from "../base/dom.js";
import { ROOT, keepFiles, offlineState, turnOff, turnOn, whatIsKept } from "./offline.js";
import { megabytes } from "../base/words.js";

/** @import { Kept } from "./offline.js" */

const LOOK_AGAIN_MS = 1500; // time between two looks whether the cache has been filled
const CANNOT =
  "This browser cannot keep the book here. It needs an address that begins with " +
  "https (or this very computer's), leave to store data, and no private window.";
const SITE = "This site keeps nothing of the book in your browser but your own work.";
const OFF = "Switched off: this browser keeps nothing of the book but your own work.";

/**
 * Fill an element with what its `data-offline` names: "list", the list of the cached
 * pages, or "settings", the amount that is cached and the buttons.
 *
 * @param {HTMLElement} place the element
 * @returns {Promise<void>}
 */
export function show(place) {
  loadSheet(new URL("../../css/live.css", import.meta.url).href);
  if (place.dataset.offline === "list") return listPages(place);
  return new Panel(place).draw();
}

class Panel {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.words = make("p", {});
    this.buttons = make("p", { class: "tt-offline-buttons" });
    this.outcome = make("p", { role: "status" });
    place.replaceChildren(this.words, this.buttons, this.outcome);
    place.classList.add("tt-offline");
  }

  /** Update the panel: how much is cached, and the buttons that can be used. */
  async draw() {
    const state = offlineState();
    const kept = state === "on" ? await whatIsKept().catch(() => null) : null;
    const words = { site: SITE, cannot: CANNOT, off: OFF, on: keptWords(kept) }[state];
    if (this.words.textContent !== words) this.words.textContent = words;
    const offers = { off: [this.on()], on: this.offers(kept) }[state] ?? [];
    const same = (one, index) => this.buttons.children[index]?.textContent === one;
    const names = offers.map(({ textContent }) => textContent);
    const changed = names.length !== this.buttons.children.length || !names.every(same);
    if (changed) this.exchange(offers);
    // On a first visit the service worker is still filling the cache at this time.
    if (state === "on" && !kept) setTimeout(() => this.draw(), LOOK_AGAIN_MS);
  }

  /**
   * Replace the buttons; the focus stays among them.
   *
   * @param {HTMLButtonElement[]} offers the new buttons
   */
  exchange(offers) {
    const focused = this.buttons.contains(document.activeElement);
    this.buttons.replaceChildren(...offers);
    if (focused) offers[0]?.focus();
  }

  /**
   * Return the buttons to show while offline reading is switched on.
   *
   * @param {?Kept} kept see whatIsKept
   */
  offers(kept) {
    const offers = [];
    const missing = (what) => kept && kept[what].held < kept[what].total;
    if (missing("pages")) {
      const said = "All pages are kept.";
      const left = kept.pages.size - kept.pages.bytes;
      const words = `Keep all pages (${megabytes(left)} MB more)`;
      offers.push(this.action(words, () => keepFiles("pages"), said));
    }
    if (missing("engine")) {
      const said = "Python is kept: you can go live without a network.";
      const left = kept.engine.size - kept.engine.bytes;
      const words = `Keep Python too (${megabytes(left)} MB more)`;
      offers.push(this.action(words, () => keepFiles("engine"), said));
    }
    const off = "Switch off and remove";
    offers.push(this.action(off, turnOff, "Removed. Your edits are still here."));
    return offers;
  }

  /** Return the button to show while offline reading is switched off. */
  on() {
    return this.action("Keep the book in this browser", turnOn, "Switched on.");
  }

  /**
   * Return a button; after a press, the panel shows whether the action worked.
   *
   * @param {string} words the text on the button
   * @param {() => Promise<void>} act called at a press
   * @param {string} said the sentence to show when `act` has worked
   */
  action(words, act, said) {
    const press = async () => {
      this.outcome.textContent = "A moment…";
      try {
        await act();
        this.outcome.textContent = said;
      } catch (error) {
        this.outcome.textContent = `That did not work: ${error.message}.`;
      }
      this.draw();
    };
    return button(words, { onclick: press });
  }
}

/**
 * Return the sentences that say how much of the book is cached.
 *
 * @param {?Kept} kept see whatIsKept
 */
function keptWords(kept) {
  if (!kept) return "Switched on: this browser is about to keep the pages you read.";
  const { pages, engine } = kept;
  const all = pages.held === pages.total;
  const which = all ? "All pages of the book" : "The pages you have read";
  const python =
    engine.total === 0
      ? ""
      : engine.held === engine.total
        ? ` So is Python, for live cells (${megabytes(engine.bytes)} MB).`
        : " Python, for live cells, is not.";
  const size = megabytes(pages.bytes);
  return `${which} are kept in this browser (${size} MB), for reading without a network.${python}`;
}

/**
 * Return whether a page is one to read: index.html only redirects to the first page.
 */
function isPage(path) {
  return path !== "index.html" && path !== "search.html";
}

/** @param {HTMLElement} place the element that gets the links to the cached pages */
async function listPages(place) {
  const kept = await whatIsKept().catch(() => null);
  if (!kept?.read.length) return;
  const items = await Promise.all(
    kept.read.filter(isPage).map(async (path) => {
      const url = new URL(path, ROOT).href;
      const text = await (await caches.match(url)).text();
      const title = new DOMParser().parseFromString(text, "text/html").title;
      return make("li", {}, make("a", { href: url }, title.split(" — ")[0]));
    }),
  );
  place.append(make("p", {}, "Kept in this browser:"), make("ul", {}, ...items));
}
