/** Notebooks: a reader's code put into one, and taken out of one. */

import { hash } from "../base/store.js";
import { parseJson, Refusal } from "./refusal.js";

const HASH = /^[0-9a-f]{16}$/;
/** What nbgrader puts into a released cell, and the book into a published one. */
const STUB = new RegExp(
  "^([ \\t]*# (todo: )?your code here\\n)?" +
    "[ \\t]*raise NotImplementedError\\(.*\\)[ \\t]*$",
  "gim",
);

/**
 * Put texts into a notebook.
 *
 * @param {string} text of the student notebook
 * @param {Map<string, string>} texts by cell; those of checks stay as published
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

/** Read a notebook; raises Refusal for what is none that the book can take. */
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
 * The chapter that a notebook is of: the one it names, else the one whose exercises
 * it holds; null for a notebook of something else.
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
 * What a reader has changed in a notebook.
 *
 * @param {object} notebook see readNotebook
 * @param {string} published text of the chapter's student notebook
 * @returns {{edits: {id: string, text: string, base: string}[], foreign: number,
 *   twice: string[], checks: number}} `base`: the hash of the published text that the
 *   edit began from; `foreign`: cells that the chapter does not have; `twice`: ids
 *   that more than one cell has, of which the first counts; `checks`: changed checks,
 *   which are left out
 */
export function editsOf(notebook, published) {
  const known = new Map();
  for (const cell of JSON.parse(published).cells) {
    if (cell.cell_type === "code") known.set(cell.id, cell);
  }
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

function takeEdit(told, { id, text, cell }, published) {
  const original = sourceOf(published);
  const base = cell.metadata?.tinytorch?.hash;
  const whole = HASH.test(base ?? "");
  // As published now, or when the notebook was made, or when nbgrader released it.
  if (text === original || (whole && hash(text) === base)) return;
  if (withoutStub(text) === withoutStub(original) && hasStub(text)) return;
  if (isLocked(published)) told.checks += 1;
  else told.edits.push({ id, text, base: whole ? base : hash(original) });
}

/** The text of a cell, which a notebook holds in one piece or in lines. */
export function sourceOf({ source }) {
  return (Array.isArray(source) ? source.join("") : String(source ?? "")).replace(
    /\n+$/,
    "",
  );
}

/** What a cell may be known by: a copied cell keeps its grade_id, not its id. */
function namesOf(cell) {
  return [cell?.metadata?.nbgrader?.grade_id, cell?.id].filter(Boolean);
}

function isLocked(cell) {
  return cell.metadata?.nbgrader?.locked === true;
}

function hasStub(text) {
  return text.search(STUB) >= 0;
}

function withoutStub(text) {
  return text.replace(STUB, "").trimEnd();
}
