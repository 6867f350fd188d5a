/** Types of the data that travel between the page's modules; no page loads this file. */

/** @import { Cell } from "../cell/cell.js" */

/**
 * @typedef {object} CellData one cell in the page's data, from tools/forms/page/chapter_page.py
 * @property {string} id "01-tensor-init"
 * @property {string} role "setup", "exercise", "check", "demo", "measure", …
 * @property {string} source the text as published
 * @property {boolean} export whether the cell is part of the chapter's module
 * @property {string} [untouched] of an exercise: the code that a run of the whole
 *   chapter takes while the reader has not edited it
 * @property {string[]} [hints] of an exercise, in order
 */

/**
 * @typedef {object} ModuleData the module of one chapter, from
 *   tools/forms/page/framework.py
 * @property {string} number "01"
 * @property {string} chapter "01_tensor"
 * @property {string} title "Tensor"
 * @property {string} module "core.tensor"
 * @property {string} hash of the module as published now
 * @property {string[]} exercises ids of those that are part of the module
 * @property {string} page address of the chapter's page; empty where it has none
 */

/**
 * @typedef {object} BrowserPython what the site has of the browser engine
 * @property {boolean} ok whether Python is there
 * @property {boolean} numpy whether its numpy is there
 * @property {boolean} runtime whether the scripts that every engine needs are there
 * @property {string} why what is missing, as a sentence
 * @property {number} [bytes] size of the whole engine
 */

/**
 * @typedef {object} ChapterData the JSON in #chapter-data
 * @property {string} chapter "01_tensor"
 * @property {string} title
 * @property {boolean} [solutions] whether this site publishes solutions
 * @property {CellData[]} cells in the order of the page
 * @property {{own: ?ModuleData, before: ModuleData[]}} [framework] the module that the
 *   chapter builds, and those of the chapters before it
 */

/**
 * @typedef {object} SiteConfig the JSON in #live-config
 * @property {string} engine address of the engine's folder, relative to the page
 * @property {BrowserPython} [browser]
 * @property {?string} [repository] "owner/name" on GitHub, for Binder
 * @property {string} [ref] branch or tag of that repository
 */

/**
 * @typedef {object} PageData a page with cells; see readPage
 * @property {string} chapter
 * @property {string} title
 * @property {boolean} solutions
 * @property {CellData[]} cells
 * @property {{own: ?ModuleData, before: ModuleData[]}} framework
 * @property {string} engineUrl absolute, ending in a slash
 * @property {?string} repository
 * @property {string} ref
 * @property {BrowserPython} browser
 * @property {boolean} loopback whether the page comes from the reader's own computer
 */

/**
 * @typedef {object} ChapterEntry one chapter in _static/chapters.json
 * @property {string} chapter "01_tensor"
 * @property {string} number "01"
 * @property {string} title
 * @property {?string} module "core.tensor"
 * @property {string} page address below the site's root
 * @property {string} notebook address of the student notebook, below the site's root
 * @property {[id: string, hash: string][]} exercises as published now
 */

/**
 * @typedef {object} Edit a reader's text of a cell
 * @property {string} text
 * @property {string} base hash of the published text that the edit began from
 */

/**
 * @typedef {object} StoredEdit an edit as it lies in the browser's storage, in JSON
 * @property {number} version of this format
 * @property {string} text
 * @property {string} hash see Edit.base
 * @property {number} saved when, in milliseconds since 1970
 */

/** @typedef {Map<string, Map<string, number>>} PassedTimes
 *   by exercise id: by hash of the published text it was solved against, when (ms) */

/**
 * @typedef {object} CellRun one run of a cell that is to be, or has been, made
 * @property {Cell} cell
 * @property {string} code what runs
 * @property {string} solution mark for a cell whose published solution runs in place
 *   of its text; empty where its own text runs
 */

/** @typedef {Map<Cell, {code: string, solution: string}>} RanCells
 *   what ran without error on this kernel, in the order of each cell's first run */

/**
 * @typedef {object} RunResult what came of a run; see Session.execute
 * @property {"ok" | "error" | "ended"} status "ended": the kernel is gone
 * @property {string} [name] of the error: "ValueError"
 * @property {string} [value] the error's message
 * @property {string[]} [traceback] with a terminal's color codes
 */

/**
 * @typedef {object} RunShown what a cell shows of a run
 * @property {number} [count] which run of this page it was
 * @property {number} [ms] how long it took
 * @property {string} [words] the error's name, or why the cell was not run
 * @property {Omit<RunResult, "status"> & {code: string}} [error] `code`: what was run
 */

/**
 * @typedef {object} Verdict what came of an exercise's check
 * @property {"waiting" | "passed" | "failed" | "nothing" | "ended"} state "nothing":
 *   there was no code to check; "ended": cut off before it could tell
 * @property {string} words
 * @property {string} [told] the error's message
 * @property {string} [traceback]
 * @property {?Help} [help]
 */

/**
 * @typedef {object} Help a sentence about an error; see help.js
 * @property {string} words code stands in backticks
 * @property {?string} go id of a cell to go to
 */

/**
 * @typedef {object} Offer a button beside a sentence
 * @property {string} words
 * @property {() => void} action
 */

/**
 * @typedef {object} CellActions what the page does when a cell's button is pressed
 * @property {(cell: Cell) => void} run
 * @property {(cell: Cell) => void} runAbove
 * @property {(cell: Cell) => void} reset
 * @property {?(cell: Cell) => void} check null for a cell without a check
 * @property {() => Cell[]} [cells] all cells of the page, in order
 * @property {(cell: Cell) => void} [next] go on to the next cell, after Shift-Enter
 * @property {(cell: Cell) => void} [changed] called when the cell's text has changed
 */

/** @typedef {"ok" | "error" | "idle" | "queued" | "running" | "stale"} CellState */

export {};
