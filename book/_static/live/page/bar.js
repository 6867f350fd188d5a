/** The bar above a chapter: buttons for all cells, the choice of engine, the status. */

import { button, make } from "../base/dom.js";

/** @import { Engine } from "../engine/interface.js" */

/**
 * @typedef {object} BarActions functions that the bar calls
 * @property {() => void} start
 * @property {() => void} runAll
 * @property {() => void} stop
 * @property {() => void} resetAll
 * @property {(name: string) => void} choose called with the name of an engine
 * @property {(state: string) => void} [onState] called after each `say`, with the state
 */

export class Bar {
  /**
   * @param {HTMLElement} article the chapter; the bar goes below its h1
   * @param {BarActions} actions
   */
  constructor(article, actions) {
    this.onState = actions.onState;
    this.makeControls(actions);
    this.makeStatus();
    this.notices = make("div", { class: "tt-notices", role: "status" });
    const buttons = [this.start, this.runAll, this.stop, this.resetAll];
    this.element = make(
      "section",
      {
        id: "live-bar",
        class: "tt-bar",
        "aria-label": "Live code",
        "data-state": "off",
      },
      make("div", { class: "tt-controls" }, ...buttons, this.choice),
      make("div", { class: "tt-state" }, this.status, this.offers, this.ran),
      this.progress,
    );
    this.room = this.putInto(article); // pixels kept for the bar: its greatest height
    this.width = this.element.offsetWidth;
    this.keepRoom();
    this.stayBelow(document.querySelector(".bd-header-article"));
  }

  /** @param {BarActions} actions */
  makeControls(actions) {
    this.start = button("Go live", {
      id: "live-start",
      class: "tt-button tt-primary",
      onclick: actions.start,
    });
    this.runAll = button("Run all", { id: "live-run-all", onclick: actions.runAll });
    this.stop = button("Stop", { id: "live-stop", onclick: actions.stop });
    this.resetAll = button("Reset all", {
      id: "live-reset-all",
      onclick: actions.resetAll,
    });
    this.select = make("select", {
      id: "live-engine",
      onchange: () => actions.choose(this.select.value),
    });
    this.label = make("label", { for: "live-engine" }, "Run in");
    this.choice = make("span", { class: "tt-choice" }, this.label, this.select);
  }

  makeStatus() {
    this.words = make("span");
    this.amount = make("span", { "aria-hidden": "true" });
    this.status = make(
      "p",
      { id: "live-status", "data-state": "off", role: "status" },
      this.words,
      this.amount,
    );
    this.offers = make("span", { class: "tt-offers" });
    this.ran = make("span", { class: "tt-ran" });
    this.progress = make("div", { class: "tt-progress", "aria-hidden": "true" });
  }

  /**
   * Put the bar into the page, in place of the placeholder that the build has put
   * there. Returns the placeholder's height in pixels; 0 without a placeholder.
   */
  putInto(article) {
    const heading = article.querySelector("h1");
    /** @type {?HTMLElement} */
    const place = article.querySelector(".tt-place"); // as high as the bar will be
    const room = place?.offsetHeight ?? 0;
    if (place) place.replaceWith(this.element, this.notices);
    else if (heading) heading.after(this.element, this.notices);
    else article.prepend(this.element, this.notices);
    return room;
  }

  /**
   * Make the bar stick below the theme's header, and set the page's scroll padding so
   * that neither covers a heading that a link leads to.
   *
   * @param {?HTMLElement} header the theme's header; null if there is none
   */
  stayBelow(header) {
    const place = () => {
      const top = header ? parseFloat(getComputedStyle(header).top) || 0 : 0;
      const below = top + (header?.offsetHeight ?? 0);
      this.element.style.setProperty("--tt-bar-top", `${below}px`);
      const height = this.element.offsetHeight;
      const covered = this.live ? below + height : below;
      document.documentElement.style.scrollPaddingTop = `${covered + 12}px`;
    };
    const observer = new ResizeObserver(() => {
      place();
      this.keepRoom();
    });
    observer.observe(this.element);
    if (header) observer.observe(header);
  }

  /**
   * Pad the bar to its greatest height at this width, so that the text below stays
   * where it is.
   */
  keepRoom() {
    const { offsetHeight, offsetWidth } = this.element;
    if (this.width !== offsetWidth) this.room = 0; // the window has been resized
    this.width = offsetWidth;
    this.room = Math.max(this.room, offsetHeight);
    const left = this.room - offsetHeight;
    this.element.style.setProperty("--tt-bar-room", `${left}px`);
  }

  /** Show how many of the page's cells have run on this Python. */
  count(ran, total) {
    this.ran.hidden = !this.live;
    const noun = make("span", { class: "tt-unseen" }, " cells");
    this.ran.replaceChildren(`${ran} of ${total}`, noun, " ran");
  }

  /** Whether the page has gone live or tried to: its state is not "off". */
  get live() {
    return this.element.dataset.state !== "off";
  }

  /**
   * Fill the select with the engines. An engine that cannot be used is disabled and
   * says why.
   *
   * @param {Engine[]} engines
   * @param {?Engine} chosen the engine to select; null if none can be used
   */
  offerEngines(engines, chosen) {
    const options = engines.map((engine) => {
      const usable = engine.why === null;
      const words = usable ? engine.label : `${engine.label} (${engine.hint})`;
      const title = usable ? engine.note : `Not available: ${engine.why}.`;
      const { name } = engine;
      return make("option", { value: name, disabled: !usable, title }, words);
    });
    if (!chosen) {
      const none = { value: "", selected: true, disabled: true };
      options.unshift(make("option", none, "nothing available"));
    }
    this.select.replaceChildren(...options);
    if (chosen) this.select.value = chosen.name;
  }

  /**
   * Show a state in the status line.
   *
   * @param {"off" | "starting" | "ready" | "busy" | "failed"} state
   * @param {string} words the status; screen readers read it out when it changes
   * @param {{amount?: string, done?: number, offers?: Node[]}} more `amount`: text
   *   behind the words that is not read out; `done`: fraction of the progress line to
   *   fill, 0 to 1; `offers`: buttons or links behind the text
   */
  say(state, words, { amount = "", done, offers = [] } = {}) {
    this.status.dataset.state = state;
    if (this.words.textContent !== words) this.words.textContent = words;
    this.amount.textContent = amount;
    this.offers.replaceChildren(...offers);
    this.progress.style.setProperty("--done", String(done ?? 0));
    this.progress.classList.toggle("tt-unknown", state === "starting" && !done);
    this.element.dataset.state = state;
    this.onState?.(state);
    this.keepRoom();
  }

  /**
   * Show and enable the buttons that can be used now.
   *
   * @param {{start: string, live: boolean, running: boolean, edited: boolean}} page
   *   `start`: the text of the start button, empty to hide it; `live`: whether cells
   *   can run; `running`: whether there is something to stop; `edited`: whether some
   *   cell is edited
   */
  offer({ start, live, running, edited }) {
    const focused = this.element.contains(document.activeElement);
    this.start.hidden = !start;
    if (start) this.start.textContent = start;
    this.runAll.hidden = !live;
    this.resetAll.hidden = !live;
    this.stop.hidden = !live && !running;
    this.runAll.disabled = running;
    this.stop.disabled = !running;
    this.resetAll.disabled = !edited;
    this.keepRoom();
    const pressed = document.activeElement;
    const gone = pressed === document.body || pressed.matches("[hidden], :disabled");
    if (focused && gone) {
      // The focused button is gone: without a new focus, the next Tab would begin at
      // the top of the page.
      /** @type {?HTMLElement} */
      const next = this.element.querySelector("button:not([hidden], :disabled)");
      next?.focus();
    }
  }

  /** Add a notice below the bar; it stays until the page closes. */
  notice(words) {
    this.notices.append(make("p", {}, words));
  }
}
