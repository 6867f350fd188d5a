/** Finds names in a page's cells: where they are defined, how they are called. */

import { bare, defines } from "../code/stale.js";

/** @import { PageCell } from "./help.js" */

/** @typedef {Pick<PageCell, "text">} Text a cell of which only the text is used */

/** Attributes that Tensors and arrays have, and lists and numbers lack. */
export const OF_TENSORS = ["shape", "data", "dtype", "ndim", "T", "sum", "mean", "max"];
/** PyTorch's names of attributes, and TinyTorch's names of the same. */
export const FROM_TORCH = {
  size: "shape",
  dim: "ndim",
  view: "reshape",
  numpy: "data",
};
/**
 * The method that implements each operator, by the operator as Python's errors write
 * it.
 */
export const METHODS = {
  "+": "__add__",
  "-": "__sub__",
  "*": "__mul__",
  "/": "__truediv__",
  "@": "__matmul__",
  "** or pow()": "__pow__",
};

const DEF = /^([ \t]*)def\s+(\w+)\s*\(((?:[^()]|\([^()]*\))*)\)/gm;

/**
 * Return the index of the cell that defines a name: the nearest one above, else the
 * first one below.
 *
 * @param {string} name
 * @param {Text[]} cells all cells of the page
 * @param {number} at index of the cell that uses the name
 * @returns {?number} null if no other cell defines the name
 */
export function definedIn(name, cells, at) {
  const hits = cells.map(({ text }) => defines(text).has(name));
  const above = hits.lastIndexOf(true, Math.max(at - 1, 0));
  if (above >= 0 && above < at) return above;
  const below = hits.indexOf(true, at + 1);
  return below < 0 ? null : below;
}

/**
 * Return the index of the last cell that adds a method or an attribute to a class,
 * outside of the class statement.
 *
 * @param {string} attribute name of the method or attribute
 * @param {string} owner name of the class
 * @param {Text[]} cells all cells of the page
 * @returns {?number} null if no cell adds it
 */
export function addedIn(attribute, owner, cells) {
  const method = `^@extend\\(${owner}\\)\\n(?:@.*\\n)*def\\s+${attribute}\\b`;
  const assigned = `^(?:.*,\\s*)?${owner}\\.${attribute}\\b[^=\\n]*=(?!=)`;
  const added = new RegExp(`${method}|${assigned}`, "m");
  const found = cells.findLastIndex(({ text }) => added.test(text));
  return found < 0 ? null : found;
}

/**
 * Return whether any cell defines a method of a class, in the class statement or
 * outside.
 *
 * @param {string} owner name of the class
 * @param {string} method
 * @param {Text[]} cells all cells of the page
 * @returns {boolean}
 */
export function hasMethod(owner, method, cells) {
  const inside = new RegExp(
    `^class ${owner}\\b[\\s\\S]*?^[ \\t]+def ${method}\\b`,
    "m",
  );
  return (
    addedIn(method, owner, cells) !== null ||
    cells.some(({ text }) => inside.test(text))
  );
}

/**
 * Return the signature of a function, from its definition in the calling cell, else in
 * the nearest cell above, else in the first cell below.
 *
 * @param {string} name of the function
 * @param {?string} owner the class that the error's message names; falsy if it names
 *   none
 * @param {Text[]} cells all cells of the page
 * @param {number} at index of the cell that calls the function
 * @returns {?{parameters: string[], method: boolean, line: string}} `parameters`: their
 *   names; `method`: whether the function is a method; `line`: the text of the
 *   definition from "def" to ")"; null if no cell defines the function
 */
export function signature(name, owner, cells, at) {
  const places = [...cells.keys()];
  const order = [...places.slice(0, at + 1).reverse(), ...places.slice(at + 1)];
  for (const place of order) {
    const text = bare(cells[place].text);
    for (const [all, indent, called, list] of text.matchAll(DEF)) {
      const before = text.slice(0, text.indexOf(all));
      const [, around] = [...before.matchAll(/^class (\w+)/gm)].at(-1) ?? [];
      if (called !== name || (owner && indent && around !== owner)) continue;
      const extended = /@extend\(\w+\)\s*(?:@.*\s*)*$/.test(before);
      const parameters = list
        .replace(/\([^()]*\)/g, "")
        .split(",")
        .map((item) => item.split(/[=:]/)[0].trim())
        .filter((item) => item && item !== "/" && item !== "*");
      return { parameters, method: extended || indent !== "", line: all.trim() };
    }
  }
  return null;
}

/**
 * Return the names of the functions in a text that seem to lack a `return`.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function silent(text) {
  const code = bare(text);
  return [...code.matchAll(DEF)]
    .filter(([, , name]) => !/^(test_|__(init|setattr|setitem)__)/.test(name))
    .filter((found) => {
      const [head] = code
        .slice(found.index + found[0].length)
        .split(new RegExp(`\\n(?=[ \\t]{0,${found[1].length}}\\S)`));
      // A function that sets an attribute or prints something may rightly return
      // nothing.
      return !/\b(return|yield|raise|print)\b|\bself\.\w+\s*[-+*/]?=/.test(head);
    })
    .map((found) => found[2]);
}

/**
 * Return the names that a misspelled name in a cell may mean: first the words of the
 * cell itself, then the names that the cells above define.
 *
 * @param {Text[]} cells all cells of the page
 * @param {number} at index of the cell
 * @param {string} source the cell's code
 * @returns {string[]}
 */
export function wordsAt(cells, at, source) {
  const own = bare(source).match(/(?<![.\w])[A-Za-z_]\w*/g) ?? [];
  return [...own, ...cells.slice(0, at).flatMap(({ text }) => [...defines(text)])];
}

/**
 * Return the names in OF_TENSORS and those of attributes and methods in the cells.
 *
 * @param {Text[]} cells all cells of the page
 * @returns {string[]}
 */
export function wordsBehindDots(cells) {
  const word = /\.([A-Za-z_]\w*)|^@extend\(\w+\)\ndef (\w+)/gm;
  const found = cells.flatMap(({ text }) => [...bare(text).matchAll(word)]);
  return [...OF_TENSORS, ...found.map((one) => one[1] ?? one[2])];
}

/**
 * Return the candidate that a misspelled word most likely means: the first of those
 * with the fewest different letters.
 *
 * @param {string} word
 * @param {string[]} candidates
 * @returns {?string} null if more letters differ in all of them than a word of this
 *   length allows: 0 for 1 or 2 letters, 1 for 3 to 5, 2 for more
 */
export function nearest(word, candidates) {
  const allowed = word.length < 3 ? 0 : word.length < 6 ? 1 : 2;
  let best = null;
  let least = allowed + 1;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const alike = candidate.toLowerCase() === word.toLowerCase();
    const steps = alike ? 0 : distance(word, candidate);
    if (steps < least) [best, least] = [candidate, steps];
  }
  return best;
}

/**
 * Return the restricted Damerau-Levenshtein distance of two words: how many letters to
 * insert, drop, change or swap with a neighbor to make one word the other.
 *
 * @param {string} a
 * @param {string} b
 * @returns {number}
 */
function distance(a, b) {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, change);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.length][b.length];
}
