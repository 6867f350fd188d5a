/**
 * Finds a sentence about a beginner's error: what was wrong, and what to try.
 *
 * The table of rules in help-rules.js decides alone. A rule looks at the error's name
 * and message, the cell's text and the page's cells. An error that no rule fits has no
 * sentence.
 */

import { RULES } from "./help-rules.js";

/** @import { Help } from "../base/types.js" */

/**
 * @typedef {object} PageCell what the rules see of a cell
 * @property {string} id
 * @property {string} text as it stands
 * @property {boolean} ran whether it has run without error
 */

/**
 * @typedef {object} Question where an error came from
 * @property {string} source the text that was run
 * @property {number} at place of its cell among `cells`, from 0
 * @property {PageCell[]} cells of the page
 * @property {string} traceback without a terminal's color codes
 * @property {(place: number) => string} nameOf a cell's name: "cell 3 of 12"
 */

/**
 * @typedef {object} Rule
 * @property {string} id
 * @property {string[]} errors the names of Python's errors it is for
 * @property {RegExp} says what the error's message must match
 * @property {(found: RegExpMatchArray, question: Question) =>
 *   ?(string | {words: string, go: ?number})} words gives the sentence, code in
 *   backticks, and may give the place of a cell to go to; null where the rule does not
 *   fit after all
 */

/**
 * Find the help for an error.
 *
 * @param {{name: string, value?: string, traceback?: string}} error of Python;
 *   `traceback` without a terminal's color codes
 * @param {Pick<Question, "source" | "at" | "cells">} place where it came from
 * @returns {?Help & {rule: string}} null where no rule fits; `rule`: the id of the one
 *   that does
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
