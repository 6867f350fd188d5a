/** Brings a file's work back in: reads it, compares it with what is here, stores it. */

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
 * @property {string[]} notes what of the file is not taken, in sentences
 * @property {ChapterEntry} [chapter] of a notebook
 */

/** @typedef {(chapter: ChapterEntry) => Promise<string>} LoadNotebook gives the text of
 *   a chapter's student notebook */

/** @typedef {FiledEdit & {mine: string, mineBase: string}} DifferingEdit beside the
 *   file's text, the reader's text here and its base */

/**
 * Read a file: a notebook, the JSON of progress and edits, or a zip that holds it.
 *
 * @param {File} file
 * @param {ChapterEntry[]} chapters
 * @param {LoadNotebook} loadNotebook
 * @returns {Promise<Work & FileNotes>}
 * @throws {Refusal} for a file that cannot be taken, with the reason
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
 * @param {Uint8Array<ArrayBuffer>} bytes of a zip
 * @returns {Promise<string>} the text of the file of progress and edits in it
 * @throws {Refusal} where there is none
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
 * @param {string} text of the file
 * @param {ChapterEntry[]} chapters
 * @param {LoadNotebook} loadNotebook
 * @returns {Promise<Work & FileNotes>}
 * @throws {Refusal} for a text that is no notebook, or of no chapter of the book
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
 * Compare a file's edits with those that are here.
 *
 * @param {FiledEdit[]} edits
 * @param {Map<string, Map<string, KeptEdit>>} kept see editsIn
 * @returns {{fresh: FiledEdit[], same: FiledEdit[], differing: DifferingEdit[]}} by
 *   whether the cell has no edit here, the same, or another
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
 * The reader's edit of a cell, as it stands on this page or in the storage.
 *
 * @param {FiledEdit} edit says which cell
 * @param {Map<string, Map<string, KeptEdit>>} kept
 * @returns {?Edit}
 */
function mineOf({ chapter, id }, kept) {
  const cell = liveCell(chapter, id);
  if (cell) return cell.edited ? { text: cell.text, base: cell.base } : null;
  const record = kept.get(chapter)?.get(id);
  return record ? { text: record.text, base: record.hash } : null;
}

/**
 * A cell of this page, if it has an editor: its text may be newer than the storage's.
 *
 * @param {string} chapter
 * @param {string} id
 * @returns {?Cell}
 */
function liveCell(chapter, id) {
  if (here.store?.chapter !== chapter) return null;
  return here.cells.find((cell) => cell.id === id && cell.editor) ?? null;
}

/**
 * Make a text the edit of a cell, on this page or in the storage.
 *
 * @param {FiledEdit} edit
 * @param {(words: string) => void} onProblem called where the storage does not take it
 */
export function putEdit({ chapter, id, text, base }, onProblem) {
  const cell = liveCell(chapter, id);
  if (!cell) {
    const store = new EditStore(chapter, onProblem);
    store.load(id, ""); // moves a damaged record aside, which would be overwritten
    store.save(id, text, base);
    return;
  }
  cell.editor.set(text);
  cell.base = base;
  cell.save();
  if (base !== hash(cell.published)) cell.edits.offerBoth();
}

/**
 * Remove the edit of a cell.
 *
 * @param {FiledEdit} edit says which cell
 * @param {(words: string) => void} onProblem called where the storage is blocked
 */
export function dropEdit({ chapter, id }, onProblem) {
  const cell = liveCell(chapter, id);
  if (cell) cell.editor.set(cell.published);
  else new EditStore(chapter, onProblem).remove(id);
}

/**
 * Add a file's progress to what is here; what is here stays.
 *
 * @param {Storage} storage
 * @param {PassedExercise[]} passed
 * @returns {number} how many exercises had not passed here before
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
 * Add a file's modules where there is none of that name; the reader's module here stays.
 *
 * @param {Storage} storage
 * @param {OwnModule[]} modules
 * @returns {{fresh: string[], differing: string[]}} names of those added, and of those
 *   that differ from the reader's here
 */
export function mergeModules(storage, modules) {
  const kept = new Map(ownModules(storage).map((one) => [one.module, one.source]));
  /** @type {ReturnType<typeof mergeModules>} */
  const told = { fresh: [], differing: [] };
  for (const one of modules) {
    if (!kept.has(one.module)) {
      keepModule(storage, one);
      told.fresh.push(one.module);
      // A browser sends this event to other tabs only; this page must hear of it too.
      const key = moduleKey(one.module);
      window.dispatchEvent(new StorageEvent("storage", { key }));
    } else if (kept.get(one.module) !== one.source) told.differing.push(one.module);
  }
  return told;
}

/**
 * The edits kept in this browser, after saving those of this page.
 *
 * @param {Storage} storage
 */
export function keptEdits(storage) {
  for (const cell of here.cells) cell.save();
  return editsIn(storage);
}
