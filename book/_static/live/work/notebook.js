/** Puts a reader's code into a chapter's notebook, and takes it out of one. */

import { hash, isHash } from "../base/edit-store.js";
import { parseJson, Refusal } from "./refusal.js";

/** @import { ChapterEntry } from "../base/types.js" */

/** The stub of an exercise: nbgrader's comment in a released cell, the book's line. */
const STUB = new RegExp(
  "^([ \\t]*# (todo: )?your code here\\n)?" +
    "[ \\t]*raise NotImplementedError\\(.*\\)[ \\t]*$",
  "gim",
);

/**
 * @typedef {object} NotebookCell in Jupyter's format 4
 * @property {string} [id]
 * @property {string} cell_type "code", "markdown" or "raw"
 * @property {string | string[]} source in one piece, or in lines
 * @property {{nbgrader?: {grade_id?: string, locked?: boolean},
 *   tinytorch?: {hash?: string}}} metadata `hash`: of the cell as published when the
 *   notebook was made
 */

/**
 * @typedef {object} Notebook in Jupyter's format 4
 * @property {number} nbformat
 * @property {NotebookCell[]} cells
 * @property {{tinytorch?: {chapter?: string}}} [metadata]
 */

/**
 * @typedef {object} NotebookEdits what a reader has changed in a notebook
 * @property {{id: string, text: string, base: string}[]} edits `base`: the hash of the
 *   published text that the edit began from
 * @property {number} foreign how many cells the chapter does not have
 * @property {string[]} twice ids that more than one cell has; the first cell counts
 * @property {number} checks how many checks were changed; they are left out
 */

/**
 * Put texts into a notebook.
 *
 * @param {string} text of the student notebook
 * @param {Map<string, string>} texts by cell id; checks stay as published
 * @returns {string} the notebook; all but the source of those cells is as it was
 */
export function fillIn(text, texts) {
  const notebook = JSON.parse(text);
  for (const cell of notebook.cells) {
    const own = texts.get(cell.id);
    if (own === undefined || cell.cell_type !== "code" || isLocked(cell)) continue;
    // In lines, each with its end, as Jupyter writes them.
    cell.source = own.split(/(?<=\n)/);
  }
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

/**
 * Parse a notebook.
 *
 * @param {string} text
 * @returns {Notebook}
 * @throws {Refusal} for a text that is no notebook, or of another format than 4
 */
export function readNotebook(text) {
  const notebook = parseJson(text);
  if (!notebook || typeof notebook !== "object" || Array.isArray(notebook)) {
    throw new Refusal("It is JSON, but not a notebook.");
  }
  if (notebook.nbformat !== undefined && notebook.nbformat !== 4) {
    throw new Refusal(
      `It is a notebook of format ${notebook.nbformat}; the book reads format 4. ` +
        "Open it in Jupyter, save it, and choose it again.",
    );
  }
  if (notebook.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new Refusal("It is JSON, but not a notebook: it has no cells.");
  }
  return notebook;
}

/**
 * Find a notebook's chapter: the one it names, else the one most of whose exercises it
 * holds.
 *
 * @param {Notebook} notebook
 * @param {ChapterEntry[]} chapters
 * @returns {?ChapterEntry} null for a notebook with none of the book's exercises
 */
export function chapterOf(notebook, chapters) {
  const named = notebook.metadata?.tinytorch?.chapter;
  const held = new Set(notebook.cells.flatMap(namesOf));
  const shared = ({ exercises }) => exercises.filter(([id]) => held.has(id)).length;
  const found = chapters.filter((chapter) => shared(chapter) > 0);
  found.sort((a, b) => shared(b) - shared(a));
  return found.find(({ chapter }) => chapter === named) ?? found[0] ?? null;
}

/**
 * Find what a reader has changed in a notebook.
 *
 * @param {Notebook} notebook
 * @param {string} published text of the chapter's student notebook
 * @returns {NotebookEdits}
 */
export function editsOf(notebook, published) {
  const known = new Map();
  for (const cell of JSON.parse(published).cells) {
    if (cell.cell_type === "code") known.set(cell.id, cell);
  }
  /** @type {NotebookEdits} */
  const told = { edits: [], foreign: 0, twice: [], checks: 0 };
  const seen = new Set();
  for (const cell of notebook.cells) {
    if (cell?.cell_type !== "code") continue;
    const text = sourceOf(cell);
    const id = namesOf(cell).find((name) => known.has(name));
    if (id === undefined) {
      if (text.trim()) told.foreign += 1;
    } else if (seen.has(id)) {
      told.twice.push(id);
    } else {
      seen.add(id);
      takeEdit(told, { id, text, cell }, known.get(id));
    }
  }
  return told;
}

/**
 * Add a cell to the edits, if its text is the reader's.
 *
 * @param {NotebookEdits} told
 * @param {{id: string, text: string, cell: NotebookCell}} found
 * @param {NotebookCell} published
 */
function takeEdit(told, { id, text, cell }, published) {
  const original = sourceOf(published);
  const base = cell.metadata?.tinytorch?.hash;
  const whole = isHash(base);
  // As published now, or when the notebook was made, or when nbgrader released it.
  if (text === original || (whole && hash(text) === base)) return;
  if (withoutStub(text) === withoutStub(original) && hasStub(text)) return;
  if (isLocked(published)) told.checks += 1;
  else told.edits.push({ id, text, base: whole ? base : hash(original) });
}

/**
 * The text of a cell, without line ends at its end.
 *
 * @param {NotebookCell} cell
 */
function sourceOf({ source }) {
  return (Array.isArray(source) ? source.join("") : String(source ?? "")).replace(
    /\n+$/,
    "",
  );
}

/**
 * The ids a cell may be known by: Jupyter gives a copied cell a new id, while its
 * grade_id stays.
 *
 * @param {?NotebookCell} cell
 * @returns {string[]}
 */
function namesOf(cell) {
  return [cell?.metadata?.nbgrader?.grade_id, cell?.id].filter(Boolean);
}

/**
 * Whether a cell is a check, which nbgrader locks.
 *
 * @param {NotebookCell} cell
 */
function isLocked(cell) {
  return cell.metadata?.nbgrader?.locked === true;
}

function hasStub(text) {
  return text.search(STUB) >= 0;
}

function withoutStub(text) {
  return text.replace(STUB, "").trimEnd();
}
