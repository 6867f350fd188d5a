/** A cell's output: the published one until the cell runs, then its own. */

import { make } from "../base/dom.js";
import { helpLine } from "../help/help-line.js";

/** Give an SVG its own label as alternative text. */
function describe(image) {
  if (image.alt || !image.src.startsWith("data:image/svg+xml,")) return;
  const text = decodeURIComponent(image.src);
  image.alt = /aria-label="([^"]*)"/.exec(text)?.[1] ?? "";
}

export class Output {
  /**
   * @param {HTMLElement} element the cell's [data-part=output]
   * @param {string} label its accessible name
   */
  constructor(element, label) {
    this.element = element;
    this.published = [...element.childNodes];
    this.renderer = null;
    this.help = null;
    element.setAttribute("role", "region");
    element.setAttribute("aria-label", label);
  }

  /** Let the keyboard reach what is wider than its box. */
  fit() {
    const { element } = this;
    const wide = element.scrollWidth > element.clientWidth + 1;
    if (wide) element.setAttribute("tabindex", "0");
    else element.removeAttribute("tabindex");
  }

  /**
   * Show what a request gives, in place of what stood here.
   *
   * @param {object} future of the kernel
   * @param {{thebe: object, announce: boolean}} options `thebe`: the engine's
   *   runtime; `announce`: whether assistive technology reads the new output.
   */
  follow(future, { thebe, announce }) {
    this.element.setAttribute("aria-live", announce ? "polite" : "off");
    this.explain(null);
    // What comes is often as high as what stood here; the page should not jump.
    this.element.style.minHeight = `${this.element.offsetHeight}px`;
    if (!this.renderer) {
      this.renderer = new thebe.PassiveCellRenderer(
        this.element.closest("[data-cell-id]").dataset.cellId,
        thebe.makeRenderMime(),
      );
      const place = make("div");
      this.element.replaceChildren(place);
      this.renderer.attachToDOM(place);
    }
    this.renderer.area.future = future;
  }

  /** Say above a traceback what it may mean; see help.js. Null takes it away. */
  explain(help) {
    this.help?.remove();
    this.help = help && helpLine(help);
    if (!help) return;
    const { area } = this.renderer ?? {};
    const types = area?.widgets.map((_, index) => area.model.get(index)?.type) ?? [];
    const error = area?.widgets[types.lastIndexOf("error")];
    if (error) error.node.before(this.help);
    else this.element.prepend(this.help);
  }

  /** The run has ended: what its output does not need of the place is given back. */
  settle() {
    requestAnimationFrame(() => {
      this.element.style.minHeight = "";
      for (const image of this.element.querySelectorAll("img")) describe(image);
      this.fit();
    });
  }

  /** Show the published output again. */
  restore() {
    this.renderer?.area.dispose();
    this.renderer = null;
    this.element.setAttribute("aria-live", "off");
    this.element.style.minHeight = "";
    this.element.replaceChildren(...this.published);
  }
}
