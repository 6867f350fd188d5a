/** A cell's output: the published output until the cell runs, then the run's output. */

import { make } from "../base/dom.js";
import { helpLine } from "../help/help-line.js";

/** @import { Help } from "../base/types.js" */

/** Set the alternative text of an SVG image to the aria-label inside the SVG. */
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
    this.renderer = null; // Thebe's PassiveCellRenderer; null for the published output
    /** @type {?HTMLElement} */
    this.help = null;
    element.setAttribute("role", "region");
    element.setAttribute("aria-label", label);
  }

  /**
   * Make the output focusable, so that keys can scroll it, while it overflows its box.
   */
  fit() {
    const { element } = this;
    const wide = element.scrollWidth > element.clientWidth + 1;
    if (wide) element.setAttribute("tabindex", "0");
    else element.removeAttribute("tabindex");
  }

  /**
   * Replace the output by the output of a running request, as it arrives.
   *
   * @param {object} future the request to the kernel, a JupyterLab IShellFuture
   * @param {{thebe: object, announce: boolean}} options `thebe`: the exports of
   *   thebe.js; `announce`: whether screen readers read the new output out
   */
  follow(future, { thebe, announce }) {
    this.element.setAttribute("aria-live", announce ? "polite" : "off");
    this.explain(null);
    // Keep the height until `settle`: the new output is often as high as the old one,
    // and the text below should not jump in between.
    this.element.style.minHeight = `${this.element.offsetHeight}px`;
    if (!this.renderer) {
      this.renderer = new thebe.PassiveCellRenderer(
        this.element.closest("[data-cell-id]").getAttribute("data-cell-id"),
        thebe.makeRenderMime(),
      );
      const place = make("div");
      this.element.replaceChildren(place);
      this.renderer.attachToDOM(place);
    }
    this.renderer.area.future = future;
  }

  /**
   * Show help about an error above the error's traceback, in place of earlier help.
   *
   * @param {?Help} help null for no help
   */
  explain(help) {
    this.help?.remove();
    this.help = help && helpLine(help);
    if (!this.help) return;
    const { area } = this.renderer ?? {};
    const types = area?.widgets.map((_, index) => area.model.get(index)?.type) ?? [];
    const error = area?.widgets[types.lastIndexOf("error")];
    if (error) error.node.before(this.help);
    else this.element.prepend(this.help);
  }

  /** Fit the box to the new output, after a run has ended. */
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
