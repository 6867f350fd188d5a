/**
 * Finds the help for a beginner's error: a sentence that says what was wrong and what
 * to try.
 *
 * The rules are in help-rules.js. A rule looks at the error's name and message, the
 * code that ran, the traceback and the page's cells. There is no help for an error that
 * no rule fits.
 */

import { RULES } from "./help-rules.js";

/** @import { Help } from "../base/types.js" */

/**
 * @typedef {object} PageCell a cell of the page, as the rules get it
 * @property {string} id
 * @property {string} text the cell's present text
 * @property {boolean} ran whether the cell's last run was without error
 */

/**
 * @typedef {object} Question the circumstances of an error
 * @property {string} source the code that ran
 * @property {number} at index of the failed cell in `cells`
 * @property {PageCell[]} cells all cells of the page
 * @property {string} traceback without a terminal's color codes
 * @property {(place: number) => string} nameOf returns the name of the cell with this
 *   index: "cell 3 of 12"
 */

/**
 * @typedef {object} Rule a rule for one kind of mistake
 * @property {string} id
 * @property {string[]} errors names of the Python errors that the rule is for
 * @property {RegExp} says pattern that the error's message must match
 * @property {(found: RegExpMatchArray, question: Question) =>
 *   ?(string | {words: string, go: ?number})} words returns the sentence, with code in
 *   backticks, and optionally as `go` the index of a cell to link to; null if the rule
 *   does not fit after all
 */

/**
 * Return the help for an error, from the first rule that fits.
 *
 * @param {{name: string, value?: string, traceback?: string}} error Python's error:
 *   `name`: its class, `value`: its message, `traceback`: without a terminal's color
 *   codes
 * @param {Pick<Question, "source" | "at" | "cells">} place the circumstances of the
 *   error
 * @returns {?Help & {rule: string}} null if no rule fits; `rule`: the rule's id; `go`:
 *   null also if the cell to link to is the failed one
 */
export function helpFor({ name, value = "", traceback = "" }, place) {
  const nameOf = (index) => `cell ${index + 1} of ${place.cells.length}`;
  const question = { ...place, traceback, nameOf };
  for (const { id, errors, says, words } of RULES) {
    const found = errors.includes(name) && value.match(says);
    const told = found ? words(found, question) : null;
    if (!told) continue;
    const help = typeof told === "string" ? { words: told, go: null } : told;
    const elsewhere = help.go !== null && help.go !== place.at;
    const go = elsewhere ? place.cells[help.go].id : null;
    return { rule: id, words: help.words, go };
  }
  return null;
}
