/** Writes the reader's code into a chapter's notebook, and reads it from a notebook. */

import { hash, isHash } from "../base/edit-store.js";
import { parseJson, Refusal } from "./refusal.js";

/** @import { ChapterEntry } from "../base/types.js" */

/**
 * The stub of an exercise: the book's line that raises NotImplementedError, with the
 * comment above it that nbgrader puts into a released notebook.
 */
const STUB = new RegExp(
  "^([ \\t]*# (todo: )?your code here\\n)?" +
    "[ \\t]*raise NotImplementedError\\(.*\\)[ \\t]*$",
  "gim",
);

/**
 * @typedef {object} NotebookCell a cell of a notebook in Jupyter's format 4
 * @property {string} [id]
 * @property {string} cell_type "code", "markdown" or "raw"
 * @property {string | string[]} source the text, or its lines with their line ends
 * @property {{nbgrader?: {grade_id?: string, locked?: boolean},
 *   tinytorch?: {hash?: string}}} metadata `hash`: of the cell's published text when the
 *   notebook was made
 */

/**
 * @typedef {object} Notebook a notebook in Jupyter's format 4
 * @property {number} nbformat
 * @property {NotebookCell[]} cells
 * @property {{tinytorch?: {chapter?: string}}} [metadata]
 */

/**
 * @typedef {object} NotebookEdits what a reader has changed in a notebook
 * @property {{id: string, text: string, base: string}[]} edits `base`: the hash of the
 *   published text that the edit began from
 * @property {number} foreign how many code cells with a text are not of the chapter
 * @property {string[]} twice ids of further cells with an id that an earlier cell has;
 *   only the first cell is compared
 * @property {number} checks how many checks were changed; `edits` leaves them out
 */

/**
 * Return a notebook with other texts in some of its code cells.
 *
 * @param {string} text the JSON of the published student notebook
 * @param {Map<string, string>} texts the texts by cell id; checks, which are locked,
 *   keep their published text
 * @returns {string} the JSON of the notebook, otherwise unchanged
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
 * Return the notebook in a JSON text.
 *
 * @param {string} text
 * @returns {Notebook}
 * @throws {Refusal} for a text that is no notebook, or a notebook of a format other
 *   than 4
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
 * Return the chapter of a notebook: among the chapters with exercises in the notebook,
 * the one that its metadata names, else the one with the most exercises in it.
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
 * Return what a reader has changed in a notebook.
 *
 * @param {Notebook} notebook
 * @param {string} published the JSON of the chapter's published student notebook
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
 * Add a cell to the edits, or count it as a changed check, if the reader has changed
 * it.
 *
 * @param {NotebookEdits} told what to add to
 * @param {{id: string, text: string, cell: NotebookCell}} found the cell
 * @param {NotebookCell} published the cell of the published notebook with the same id
 */
function takeEdit(told, { id, text, cell }, published) {
  const original = sourceOf(published);
  const base = cell.metadata?.tinytorch?.hash;
  const whole = isHash(base);
  // Unchanged: the text is as published now, as published when the notebook was made,
  // or as nbgrader released it.
  if (text === original || (whole && hash(text) === base)) return;
  if (withoutStub(text) === withoutStub(original) && hasStub(text)) return;
  if (isLocked(published)) told.checks += 1;
  else told.edits.push({ id, text, base: whole ? base : hash(original) });
}

/**
 * Return the text of a cell, without line ends at its end.
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
 * Return the ids that a cell may be found by: nbgrader's grade_id, which a copied cell
 * keeps, and Jupyter's id, which is new for a copied cell.
 *
 * @param {?NotebookCell} cell
 * @returns {string[]}
 */
function namesOf(cell) {
  return [cell?.metadata?.nbgrader?.grade_id, cell?.id].filter(Boolean);
}

/**
 * Return whether a cell is a check: nbgrader locks checks.
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
