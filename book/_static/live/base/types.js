/** Types of the data that the page's modules share; no page loads this file. */

/** @import { Cell } from "../cell/cell.js" */

/**
 * @typedef {object} CellData one cell in the page's data, written by
 *   tools/forms/page/chapter_page.py
 * @property {string} id "01-tensor-init"
 * @property {string} role "setup", "exercise", "check", "demo", "measure", …
 * @property {string} source the published text
 * @property {boolean} export whether the cell is part of the chapter's module
 * @property {string} [untouched] only for an exercise: the code that "Run all" runs for
 *   it as long as the reader has not edited the cell
 * @property {string[]} [hints] only for an exercise: its hints in the order to show
 *   them
 */

/**
 * @typedef {object} ModuleData the module of one chapter, written by
 *   tools/forms/page/framework.py
 * @property {string} number "01"
 * @property {string} chapter "01_tensor"
 * @property {string} title "Tensor"
 * @property {string} module "core.tensor"
 * @property {string} hash of the module as published now
 * @property {string[]} exercises ids of the exercises that are part of the module
 * @property {string} page address of the chapter's page; empty if this site has none
 */

/**
 * @typedef {object} BrowserPython which parts of the browser engine this site contains
 * @property {boolean} ok whether it contains Python for the browser
 * @property {boolean} numpy whether it contains numpy for that Python
 * @property {boolean} runtime whether it contains the scripts that every engine needs
 * @property {string} why a sentence that says which parts are missing; empty if none
 * @property {number} [bytes] size of all files of the engine
 */

/**
 * @typedef {object} ChapterData the JSON in #chapter-data
 * @property {string} chapter "01_tensor"
 * @property {string} title
 * @property {boolean} [solutions] whether this site publishes solutions
 * @property {CellData[]} cells in the order of the page
 * @property {{own: ?ModuleData, before: ModuleData[]}} [framework] `own`: the module
 *   that the chapter builds, null for a milestone; `before`: the modules of earlier
 *   chapters
 */

/**
 * @typedef {object} SiteConfig the JSON in #live-config
 * @property {string} engine address of the engine's folder, relative to the page
 * @property {BrowserPython} [browser]
 * @property {?string} [repository] "owner/name" on GitHub, for Binder; null if Binder
 *   cannot be used
 * @property {string} [ref] branch or tag of the repository
 */

/**
 * @typedef {object} PageData the data of a page with cells, with defaults filled in;
 *   see readPage, and ChapterData and SiteConfig for the properties
 * @property {string} chapter
 * @property {string} title
 * @property {boolean} solutions
 * @property {CellData[]} cells
 * @property {{own: ?ModuleData, before: ModuleData[]}} framework
 * @property {string} engineUrl absolute, ending in a slash
 * @property {?string} repository
 * @property {string} ref
 * @property {BrowserPython} browser
 * @property {boolean} loopback whether the page is served from the reader's own
 *   computer
 */

/**
 * @typedef {object} ChapterEntry one chapter in _static/chapters.json
 * @property {string} chapter "01_tensor"
 * @property {string} number "01"
 * @property {string} title
 * @property {?string} module "core.tensor"; null for a chapter that builds none
 * @property {string} page address of the chapter's page, relative to the site's root
 * @property {string} notebook address of the student notebook, relative to the root too
 * @property {[id: string, hash: string][]} exercises id of each exercise, and hash of
 *   its text as published now
 */

/**
 * @typedef {object} Edit the reader's own text of a cell
 * @property {string} text
 * @property {string} base hash of the published text that the edit began from
 */

/**
 * @typedef {object} StoredEdit the JSON of an edit in the browser's storage
 * @property {number} version of this format
 * @property {string} text
 * @property {string} hash the same as Edit.base
 * @property {number} saved time of saving, in milliseconds since 1970
 */

/** @typedef {Map<string, Map<string, number>>} PassedTimes when exercises passed, by
 *   exercise id, then by hash of the published text that was solved: milliseconds since
 *   1970 */

/**
 * @typedef {object} CellRun a run of a cell to be queued
 * @property {Cell} cell
 * @property {string} code the code to run
 * @property {string} solution the mark that the cell shows when `code` is published
 *   code in place of its own text ("published solution used"); empty for its own text
 */

/** @typedef {Map<Cell, {code: string, solution: string}>} RanCells the cells that ran
 *   without error on this kernel, each with the `code` and `solution` of its last such
 *   run (see CellRun), in the order of their first runs */

/**
 * @typedef {object} RunResult the result of a run; see Session.execute
 * @property {"ok" | "error" | "ended"} status "ended": the kernel is gone
 * @property {string} [name] the error's class: "ValueError"
 * @property {string} [value] the error's message
 * @property {string[]} [traceback] its parts, with a terminal's color codes in them
 */

/**
 * @typedef {object} RunShown what a cell shows about its last run
 * @property {number} [count] the number of the run among all runs of this page, from 1
 * @property {number} [ms] the run's duration in milliseconds
 * @property {string} [words] the error's name, or why the cell did not run
 * @property {Omit<RunResult, "status"> & {code: string}} [error] the error; `code`: the
 *   code that raised it
 */

/**
 * @typedef {object} Verdict the outcome of an exercise's check
 * @property {"waiting" | "passed" | "failed" | "nothing" | "ended"} state "waiting":
 *   the check runs or is queued; "nothing": there was no code to check; "ended": the
 *   check was cut off before it had an outcome
 * @property {string} words the outcome as a sentence or a word
 * @property {string} [told] the error's message
 * @property {string} [traceback]
 * @property {?Help} [help]
 */

/**
 * @typedef {object} Help a sentence about an error; see help.js
 * @property {string} words the sentence, with code in backticks
 * @property {?string} go id of the cell to link to; null for no link
 */

/**
 * @typedef {object} Offer a button to show behind a sentence
 * @property {string} words the text on the button
 * @property {() => void} action
 */

/**
 * @typedef {object} CellActions functions of the page that a cell calls when one of its
 *   buttons or keys is pressed
 * @property {(cell: Cell) => void} run
 * @property {(cell: Cell) => void} runAbove
 * @property {(cell: Cell) => void} reset
 * @property {?(cell: Cell) => void} check null for a cell without a check
 * @property {() => Cell[]} [cells] all cells of the page, in order
 * @property {(cell: Cell) => void} [next] move the focus to the next cell, at
 *   Shift-Enter
 * @property {(cell: Cell) => void} [changed] called when the cell's text has changed
 */

/** @typedef {"ok" | "error" | "idle" | "queued" | "running" | "stale"} CellState */

export {};
