/** What an exercise has besides other cells: its check's verdict, hints, solution. */

import { button, make } from "../base/dom.js";
import { helpLine } from "../help/help-line.js";

const SIGNS = { passed: "✓", failed: "✗" };

export class Exercise {
  /**
   * @param {Cell} cell whose bar takes the buttons
   * @param {{hints: string[], check: ?Function}} parts `check` is called with the
   *   cell; null where there is no check
   */
  constructor(cell, { hints, check }) {
    this.cell = cell;
    this.hints = hints;
    this.shown = 0;
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
    // The reader is taken to it, and hears it.
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
    const left = this.hints.length - this.shown;
    if (left) this.label(this.hintButton, `Next hint (${left} left)`);
    else if (this.folded) this.label(this.hintButton, "Show solution");
    else this.hintButton.hidden = true; // a course hands out no solution
  }

  label(target, words) {
    target.textContent = words;
    target.setAttribute("aria-label", `${words}, ${this.cell.name}`);
  }

  /** Open the folded solution, or fold it again. */
  solve(open = !this.folded?.open) {
    if (!this.folded) return;
    this.folded.open = open;
    if (!open) return;
    this.folded.querySelector("summary").focus({ preventScroll: true });
    this.folded.scrollIntoView({ block: "nearest" });
  }

  /** Say what came of the check, or that it runs. */
  say({ state, words, told = "", traceback = "", help = null }, besides = "") {
    this.verdict.hidden = false;
    this.verdict.dataset.verdict = state;
    const sign = SIGNS[state];
    const mark = sign && make("span", { class: "tt-sign", "aria-hidden": "true" }, sign);
    const line = make("p", {}, ...(mark ? [mark, " "] : []), words);
    if (besides) line.append(` ${besides}`);
    this.verdict.replaceChildren(line);
    if (state === "failed" && told) {
      this.verdict.append(make("p", { class: "tt-told" }, told));
    }
    if (help) this.verdict.append(helpLine(help));
    if (traceback) {
      // Not a pre: the theme takes those out of the tab order where they seem to fit.
      const attributes = { class: "tt-trace", tabindex: "0", role: "group" };
      const text = make("div", attributes, traceback);
      text.setAttribute("aria-label", `Traceback, ${this.cell.name}`);
      const summary = make("summary", {}, "Traceback");
      this.verdict.append(make("details", {}, summary, text));
    }
  }

  /** Add a sentence to what was said of the check, with buttons if there are any. */
  add(words, offers = []) {
    if (this.verdict.hidden) return;
    const line = make("p", {}, words);
    for (const { words: label, action } of offers) {
      line.append(" ", button(label, { onclick: action }));
    }
    this.verdict.append(line);
  }

  /** The code is another now: what was said of it no longer holds. */
  clear() {
    if (this.waiting) return;
    this.verdict.hidden = true;
    this.verdict.replaceChildren();
    delete this.verdict.dataset.verdict;
  }
}
