/**
 * The parts that only an exercise's cell has: the check's verdict, hints, the solution.
 */

import { button, make } from "../base/dom.js";
import { helpLine } from "../help/help-line.js";

/** @import { Offer, Verdict } from "../base/types.js" */
/** @import { Cell } from "../cell/cell.js" */

const SIGNS = { passed: "✓", failed: "✗" };

export class Exercise {
  /**
   * @param {Cell} cell the exercise's cell; its bar gets the buttons
   * @param {{hints: string[], check: ?(cell: Cell) => void}} parts `check`: called when
   *   the reader presses Check; null if the exercise has no check
   */
  constructor(cell, { hints, check }) {
    this.cell = cell;
    this.hints = hints;
    this.shown = 0; // how many hints are unfolded
    /** @type {?HTMLDetailsElement} */
    this.folded = cell.element.querySelector("[data-part=solution]");
    this.list = make("ol", { "data-part": "hints", class: "tt-hints", hidden: true });
    this.list.setAttribute("aria-label", `Hints, ${cell.name}`);
    this.verdict = make("div", {
      "data-part": "verdict",
      class: "tt-verdict",
      role: "status",
      hidden: true,
    });
    this.checkButton = cell.action("check", "Check", () => check(cell));
    this.checkButton.hidden = !check;
    this.hintButton = cell.action("hint", "Hint", () => this.hint());
    this.hintButton.hidden = !hints.length;
    this.solutionButton = cell.action("solution", "Solution", () => this.solve());
    this.solutionButton.hidden = !this.folded;
    const buttons = [this.checkButton, this.hintButton, this.solutionButton];
    cell.resetButton.before(...buttons);
    cell.note.after(this.verdict, this.list);
  }

  /** Whether the check runs or is queued. */
  get waiting() {
    return this.verdict.dataset.verdict === "waiting";
  }

  /** Unfold the next hint; after the last one, the solution. */
  hint() {
    if (this.shown === this.hints.length) {
      this.solve(true);
      return;
    }
    const item = make("li", { tabindex: "-1" }, this.hints[this.shown]);
    this.list.append(item);
    this.list.hidden = false;
    this.shown += 1;
    // The focus makes screen readers read the hint out.
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
    const left = this.hints.length - this.shown;
    if (left) this.label(this.hintButton, `Next hint (${left} left)`);
    else if (this.folded) this.label(this.hintButton, "Show solution");
    else this.hintButton.hidden = true; // a course's site has no solutions
  }

  label(target, words) {
    target.textContent = words;
    target.setAttribute("aria-label", `${words}, ${this.cell.name}`);
  }

  /**
   * Unfold the solution and scroll to it, or fold it. Does nothing without a solution.
   *
   * @param {boolean} open whether to unfold; by default, whether the solution is folded
   */
  solve(open = !this.folded?.open) {
    if (!this.folded) return;
    this.folded.open = open;
    if (!open) return;
    this.folded.querySelector("summary").focus({ preventScroll: true });
    this.folded.scrollIntoView({ block: "nearest" });
  }

  /**
   * Show a verdict in place of the one before.
   *
   * @param {Verdict} verdict
   * @param {string} after a sentence to show behind the verdict's words; empty for none
   */
  say({ state, words, told = "", traceback = "", help = null }, after = "") {
    this.verdict.hidden = false;
    this.verdict.dataset.verdict = state;
    const sign = SIGNS[state];
    const mark = sign && make("span", { class: "tt-sign", "aria-hidden": "true" }, sign);
    const line = make("p", {}, ...(mark ? [mark, " "] : []), words);
    if (after) line.append(` ${after}`);
    this.verdict.replaceChildren(line);
    if (state === "failed" && told) {
      this.verdict.append(make("p", { class: "tt-told" }, told));
    }
    if (help) this.verdict.append(helpLine(help));
    if (traceback) {
      // A div, not a pre: the theme takes a pre that does not seem to overflow out of
      // the tab order.
      const attributes = { class: "tt-trace", tabindex: "0", role: "group" };
      const text = make("div", attributes, traceback);
      text.setAttribute("aria-label", `Traceback, ${this.cell.name}`);
      const summary = make("summary", {}, "Traceback");
      this.verdict.append(make("details", {}, summary, text));
    }
  }

  /**
   * Add a sentence below the verdict. Does nothing if no verdict is shown.
   *
   * @param {string} words the sentence
   * @param {Offer[]} offers the buttons behind the sentence
   */
  add(words, offers = []) {
    if (this.verdict.hidden) return;
    const line = make("p", {}, words);
    for (const { words: label, action } of offers) {
      line.append(" ", button(label, { onclick: action }));
    }
    this.verdict.append(line);
  }

  /**
   * Remove the verdict after its code has been edited, unless the check is under way.
   */
  clear() {
    if (this.waiting) return;
    this.verdict.hidden = true;
    this.verdict.replaceChildren();
    delete this.verdict.dataset.verdict;
  }
}
