/**
 * The marks in a cell's bar: published solution used, edited, outcome of the last run.
 */

import { make } from "../base/dom.js";
import { duration } from "../base/words.js";

/** @import { RunShown } from "../base/types.js" */

const SIGNS = { ok: "✓", error: "✗" };
const SAID = { ok: "ran without error", error: "failed" };

export class Marks {
  constructor() {
    this.solution = make("span", { class: "tt-mark tt-mark-solution" });
    this.edited = make("span", { class: "tt-mark", hidden: true }, "edited");
    this.result = make("span", { class: "tt-mark tt-mark-result" });
    const marks = [this.solution, this.edited, this.result];
    this.element = make("span", { class: "tt-marks" }, ...marks);
  }

  /** @param {boolean} edited whether to show the mark "edited" */
  showEdited(edited) {
    this.edited.hidden = !edited;
  }

  /** @param {string} words text that says which published code ran; empty for no mark */
  showSolution(words) {
    this.solution.textContent = words;
  }

  /** @param {string} words text that says what state the cell is in; empty for no mark */
  showWords(words) {
    this.result.replaceChildren(words);
  }

  /**
   * Show how a run ended.
   *
   * @param {string} state as Cell.end takes it
   * @param {RunShown} result
   */
  showResult(state, { count, ms, words = "" }) {
    const time = ms === undefined ? "" : duration(ms);
    const number = count === undefined ? "" : `[${count}]`;
    this.result.replaceChildren(
      make("span", { class: "tt-unseen" }, SAID[state] ?? ""),
      make("span", {}, number),
      make("span", { class: "tt-sign", "aria-hidden": "true" }, SIGNS[state] ?? ""),
      make("span", {}, [words, time].filter(Boolean).join(", ")),
    );
  }
}
