/**
 * Imports a file with a reader's work: reads it, compares it with the work in this
 * browser, and stores it.
 */

import { hash, EditStore } from "../base/edit-store.js";
import { here } from "../base/here.js";
import { keepModule, moduleKey, ownModules } from "../own/own-store.js";
import { chapterOf, editsOf, readNotebook } from "./notebook.js";
import { CHANGED, keepPassed, passedIn } from "../exercise/progress.js";
import { Refusal } from "./refusal.js";
import { WORK_FILE } from "./package-zip.js";
import { editsIn, readWork } from "./workfile.js";
import { readZip } from "./zip.js";
import { count } from "../base/words.js";

/**
 * @import { ChapterEntry, Edit } from "../base/types.js"
 * @import { Cell } from "../cell/cell.js"
 * @import { OwnModule } from "../own/own-store.js"
 * @import { FiledEdit, KeptEdit, PassedExercise, Work } from "./workfile.js"
 */

const LARGEST_FILE = 30e6; // bytes; the work of all chapters takes less than 1 MB
const ZIP_START = 0x504b; // a zip file begins with "PK"

/**
 * @typedef {object} FileNotes
 * @property {string[]} notes sentences that say what in the file is not imported
 * @property {ChapterEntry} [chapter] only for a notebook: its chapter
 */

/** @typedef {(chapter: ChapterEntry) => Promise<string>} LoadNotebook fetches the text of
 *   a chapter's student notebook; rejects if it cannot be fetched */

/** @typedef {FiledEdit & {mine: string, mineBase: string}} DifferingEdit an edit in a
 *   file; `mine` and `mineBase`: text and base of the reader's other edit of the same
 *   cell in this browser */

/**
 * Return the work in a file: a notebook, the JSON of progress and edits, or a zip with
 * this JSON in it.
 *
 * @param {File} file
 * @param {ChapterEntry[]} chapters all chapters of the book
 * @param {LoadNotebook} loadNotebook
 * @returns {Promise<Work & FileNotes>}
 * @throws {Refusal} for a file that cannot be imported, with the reason
 * @throws {Error} the error of `loadNotebook`
 */
export async function readFile(file, chapters, loadNotebook) {
  if (file.size > LARGEST_FILE) {
    throw new Refusal("It is too large to be work of this book (over 30 MB).");
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!bytes.length) throw new Refusal("It is empty.");
  if (bytes.length > 1 && ((bytes[0] << 8) | bytes[1]) === ZIP_START) {
    return { ...readWork(await workIn(bytes)), notes: [] };
  }
  const content = new TextDecoder().decode(bytes).replace(/^\ufeff/, "");
  if (/\.ipynb$/i.test(file.name) || /"nbformat"/.test(content)) {
    return fromNotebook(content, chapters, loadNotebook);
  }
  return { ...readWork(content), notes: [] };
}

/**
 * Return the text of the file of progress and edits in a zip.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes the zip
 * @returns {Promise<string>}
 * @throws {Refusal} for a zip without such a file, or a damaged one
 */
async function workIn(bytes) {
  const named = (name) => name === WORK_FILE || name.endsWith(`/${WORK_FILE}`);
  const found = [...(await readZip(bytes, named)).values()];
  if (found.length) return found[0];
  throw new Refusal(
    `It is a zip file without ${WORK_FILE} in it, so it was not made by this book.`,
  );
}

/**
 * Return the work in a notebook.
 *
 * @param {string} text the notebook's JSON
 * @param {ChapterEntry[]} chapters
 * @param {LoadNotebook} loadNotebook
 * @returns {Promise<Work & FileNotes>}
 * @throws {Refusal} for a text that is no notebook, or a notebook of no chapter
 * @throws {Error} the error of `loadNotebook`
 */
async function fromNotebook(text, chapters, loadNotebook) {
  const notebook = readNotebook(text);
  const chapter = chapterOf(notebook, chapters);
  if (!chapter) {
    throw new Refusal(
      "It is a notebook, but of no chapter of this book: none of its cells has the " +
        "id of an exercise here.",
    );
  }
  const told = editsOf(notebook, await loadNotebook(chapter));
  const notes = [];
  if (told.foreign) {
    const are = told.foreign === 1 ? "is" : "are";
    const cells = count(told.foreign, "cell");
    notes.push(`${cells} in it ${are} not of the chapter, and not taken.`);
  }
  if (told.checks) {
    notes.push("Its checks were changed; the book keeps to the published ones.");
  }
  for (const id of new Set(told.twice)) {
    notes.push(`${id} stands in it more than once; the first was taken.`);
  }
  const edits = told.edits.map((edit) => ({ ...edit, chapter: chapter.chapter }));
  return { edits, passed: [], modules: [], notes, chapter };
}

/**
 * Sort a file's edits by how they compare with the edits in this browser.
 *
 * @param {FiledEdit[]} edits the file's
 * @param {Map<string, Map<string, KeptEdit>>} kept the browser's, as editsIn returns
 *   them
 * @returns {{fresh: FiledEdit[], same: FiledEdit[], differing: DifferingEdit[]}}
 *   `fresh`: edits of cells that have no edit in this browser; `same`: edits with the
 *   same text; `differing`: edits with another text
 */
export function compareEdits(edits, kept) {
  /** @type {ReturnType<typeof compareEdits>} */
  const result = { fresh: [], same: [], differing: [] };
  for (const edit of edits) {
    const mine = mineOf(edit, kept);
    if (!mine) result.fresh.push(edit);
    else if (mine.text === edit.text) result.same.push(edit);
    else {
      result.differing.push({ ...edit, mine: mine.text, mineBase: mine.base });
    }
  }
  return result;
}

/**
 * Return the reader's edit of a cell, from the cell's editor if this page has one, else
 * from the stored edits.
 *
 * @param {FiledEdit} edit its chapter and id name the cell
 * @param {Map<string, Map<string, KeptEdit>>} kept the stored edits; see editsIn
 * @returns {?Edit} null if the cell is not edited
 */
function mineOf({ chapter, id }, kept) {
  const cell = liveCell(chapter, id);
  if (cell) return cell.edited ? { text: cell.text, base: cell.base } : null;
  const record = kept.get(chapter)?.get(id);
  return record ? { text: record.text, base: record.hash } : null;
}

/**
 * Return the cell of this page with a chapter and an id, if the cell has an editor:
 * then its text may be newer than the stored one.
 *
 * @param {string} chapter
 * @param {string} id
 * @returns {?Cell} null for a cell without an editor, or of another page
 */
function liveCell(chapter, id) {
  if (here.store?.chapter !== chapter) return null;
  return here.cells.find((cell) => cell.id === id && cell.editor) ?? null;
}

/**
 * Make an edit of a file the reader's edit: in the cell's editor if this page has one,
 * else in the storage.
 *
 * @param {FiledEdit} edit
 * @param {(words: string) => void} onProblem called with a sentence if the storage does
 *   not take the edit of a cell without an editor; for a cell with an editor, the
 *   page's own store reports that
 */
export function putEdit({ chapter, id, text, base }, onProblem) {
  const cell = liveCell(chapter, id);
  if (!cell) {
    const store = new EditStore(chapter, onProblem);
    // For its side effect: a damaged record is moved aside, else `save` would overwrite
    // it.
    store.load(id, "");
    store.save(id, text, base);
    return;
  }
  cell.editor.set(text);
  cell.base = base;
  cell.save();
  if (base !== hash(cell.published)) cell.edits.offerBoth();
}

/**
 * Remove the reader's edit of a cell.
 *
 * @param {FiledEdit} edit its chapter and id name the cell
 * @param {(words: string) => void} onProblem as in putEdit
 */
export function dropEdit({ chapter, id }, onProblem) {
  const cell = liveCell(chapter, id);
  if (cell) cell.editor.set(cell.published);
  else new EditStore(chapter, onProblem).remove(id);
}

/**
 * Add a file's passed exercises to those in this browser.
 *
 * @param {Storage} storage
 * @param {PassedExercise[]} passed the file's
 * @returns {number} how many exercises had not passed in this browser before, in a
 *   version that the file names
 * @throws {Error} the storage's error if it is blocked or full; then a part may be
 *   stored
 */
export function mergePassed(storage, passed) {
  const before = passedIn(storage);
  const fresh = new Set();
  for (const { id, hash: version, time } of passed) {
    if (!before.get(id)?.has(version)) fresh.add(id);
    keepPassed(storage, { id, hash: version, time });
  }
  if (fresh.size) window.dispatchEvent(new Event(CHANGED));
  return fresh.size;
}

/**
 * Store those modules of a file that this browser has no module of the same name for.
 *
 * @param {Storage} storage
 * @param {OwnModule[]} modules the file's
 * @returns {{fresh: string[], differing: string[]}} `fresh`: names of the modules that
 *   were stored; `differing`: names of modules that differ from the browser's, which
 *   stay
 * @throws {Error} the storage's error if it is blocked or full; then a part may be
 *   stored
 */
export function mergeModules(storage, modules) {
  const kept = new Map(ownModules(storage).map((one) => [one.module, one.source]));
  /** @type {ReturnType<typeof mergeModules>} */
  const told = { fresh: [], differing: [] };
  for (const one of modules) {
    if (!kept.has(one.module)) {
      keepModule(storage, one);
      told.fresh.push(one.module);
      // The browser sends this event to other tabs only, but this page listens for it
      // too.
      const key = moduleKey(one.module);
      window.dispatchEvent(new StorageEvent("storage", { key }));
    } else if (kept.get(one.module) !== one.source) told.differing.push(one.module);
  }
  return told;
}

/**
 * Save the unsaved edits of this page, then return all edits in this browser; see
 * editsIn.
 *
 * @param {Storage} storage
 */
export function keptEdits(storage) {
  for (const cell of here.cells) cell.save();
  return editsIn(storage);
}
