/** Brings a file's work back in: what it holds, what that meets, and what is done. */

import { hash, EditStore } from "../base/store.js";
import { here } from "../base/here.js";
import { keyOf } from "../base/storage.js";
import { entryOf, keepModule, ownModules } from "../own/own-store.js";
import { chapterOf, editsOf, readNotebook } from "./notebook.js";
import { CHANGED, keepPassed, passedIn } from "../exercise/progress.js";
import { Refusal } from "./refusal.js";
import { WORK_FILE } from "./package-zip.js";
import { editsIn, readWork } from "./workfile.js";
import { readZip } from "./zip.js";
import { count } from "../base/words.js";

const LARGEST = 30e6; // bytes; the work of all chapters takes less than one
const ZIP = 0x504b; // how a zip file begins

/**
 * Read a file.
 *
 * @param {File} file
 * @param {object[]} chapters see chapters.json
 * @param {(chapter: object) => Promise<string>} loadNotebook gives the text of a
 *   chapter's student notebook
 * @returns {Promise<{edits: object[], passed: object[], modules: object[],
 *   notes: string[]}>} `notes`: what is not taken, in sentences
 * @throws {Refusal} for a file that cannot be taken, with the reason
 */
export async function readFile(file, chapters, loadNotebook) {
  if (file.size > LARGEST) {
    throw new Refusal("It is too large to be work of this book (over 30 MB).");
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!bytes.length) throw new Refusal("It is empty.");
  const text = (data) => new TextDecoder().decode(data).replace(/^\ufeff/, "");
  if (bytes.length > 1 && ((bytes[0] << 8) | bytes[1]) === ZIP) {
    return { ...readWork(await workIn(bytes)), notes: [] };
  }
  const content = text(bytes);
  if (/\.ipynb$/i.test(file.name) || /"nbformat"/.test(content)) {
    return fromNotebook(content, chapters, loadNotebook);
  }
  return { ...readWork(content), notes: [] };
}

async function workIn(bytes) {
  const named = (name) => name === WORK_FILE || name.endsWith(`/${WORK_FILE}`);
  const found = [...(await readZip(bytes, named)).values()];
  if (found.length) return found[0];
  throw new Refusal(
    `It is a zip file without ${WORK_FILE} in it, so it was not made by this book.`,
  );
}

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
 * @param {object[]} edits
 * @param {Map} kept see editsIn
 * @returns {{fresh: object[], same: object[], differing: object[]}} a differing one has
 *   the reader's text here as `mine`, and its base as `mineBase`
 */
export function compareEdits(edits, kept) {
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

function mineOf({ chapter, id }, kept) {
  const cell = liveCell(chapter, id);
  if (cell) return cell.edited ? { text: cell.text, base: cell.base } : null;
  const record = kept.get(chapter)?.get(id);
  return record ? { text: record.text, base: record.hash } : null;
}

/** The cell of this page with an editor, which knows better than the storage. */
function liveCell(chapter, id) {
  if (here.store?.chapter !== chapter) return null;
  return here.cells.find((cell) => cell.id === id && cell.editor) ?? null;
}

/** Make a text the edit of a cell, on this page or in the storage. */
export function putEdit({ chapter, id, text, base }, onProblem) {
  const cell = liveCell(chapter, id);
  if (!cell) {
    const store = new EditStore(chapter, onProblem);
    store.load(id, ""); // sets a damaged one aside, which would be written over
    store.save(id, text, base);
    return;
  }
  cell.editor.set(text);
  cell.base = base;
  cell.save();
  if (base !== hash(cell.published)) cell.edits.offerBoth();
}

/** Take an edit away again: of a cell that had none before. */
export function dropEdit({ chapter, id }, onProblem) {
  const cell = liveCell(chapter, id);
  if (cell) cell.editor.set(cell.published);
  else new EditStore(chapter, onProblem).remove(id);
}

/**
 * Add a file's progress to what is here; what is here stays.
 *
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
 * Add a file's modules where there is none of that name; a reader's own stays.
 *
 * @returns {{fresh: string[], differing: string[]}} names
 */
export function mergeModules(storage, modules) {
  const kept = new Map(ownModules(storage).map((one) => [one.module, one.source]));
  const told = { fresh: [], differing: [] };
  for (const one of modules) {
    if (!kept.has(one.module)) {
      keepModule(storage, one);
      told.fresh.push(one.module);
      // What listens for other tabs is told of it here, too.
      const key = keyOf(entryOf(one.module));
      window.dispatchEvent(new StorageEvent("storage", { key }));
    } else if (kept.get(one.module) !== one.source) told.differing.push(one.module);
  }
  return told;
}

/** The edits that are kept in this browser, with those of this page saved first. */
export function keptEdits(storage) {
  for (const cell of here.cells) cell.save();
  return editsIn(storage);
}
