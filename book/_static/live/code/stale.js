/**
 * Finds the cells that are stale: cells that ran with a definition that has changed
 * since.
 *
 * Python is not parsed: a later cell counts as using a name if the name is a word of
 * its text, outside comments and docstrings. So a cell may be marked that does not use
 * it.
 */

/** @import { RanCells } from "../base/types.js" */
/** @import { Cell } from "../cell/cell.js" */

const TARGET = /^([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s*(?::[^=\n]+)?[-+*/@]?=(?!=)/gm;
const EXTENDED = /^@extend\((\w+)\)\n(?:@.*\n)*def\s+(\w+)/gm;
const DEFINED = /^(@.*\n)?(?:async\s+)?(def|class)\s+(\w+)/gm;
const IMPORTED = /^(?:from\s+\S+\s+)?import\s+([^\n#]+)/gm;

/**
 * Return the names that a cell defines at its top level.
 *
 * @param {string} text of the cell
 * @returns {Set<string>} for a method that the cell adds to a class: ".name"; for a
 *   method with a name like __add__, whose uses do not name it: the name of the class
 */
export function defines(text) {
  const code = bare(text);
  const names = new Set(classesOf(text));
  for (const [, targets] of code.matchAll(TARGET)) {
    for (const name of targets.split(",")) names.add(name.trim());
  }
  for (const [, decorator = "", kind, name] of code.matchAll(DEFINED)) {
    if (kind === "def" && !decorator.startsWith("@extend(")) names.add(name);
  }
  for (const [, owner, name] of code.matchAll(EXTENDED)) {
    names.add(name.startsWith("__") ? owner : `.${name}`);
  }
  for (const [, list] of code.matchAll(IMPORTED)) {
    for (const item of list.replace(/[()]/g, "").split(",")) {
      names.add(item.trim().split(/\s+as\s+/).at(-1).split(".")[0]);
    }
  }
  return names;
}

/**
 * Return the names of the classes that a cell defines. A class that is defined again
 * loses the methods that later cells added to it, even if the cell's text has not
 * changed.
 *
 * @param {string} text of the cell
 * @returns {Set<string>}
 */
export function classesOf(text) {
  const found = [...bare(text).matchAll(DEFINED)];
  return new Set(found.filter((one) => one[2] === "class").map((one) => one[3]));
}

/**
 * Return whether a cell's text uses any of the names.
 *
 * @param {string} text
 * @param {Iterable<string>} names as `defines` returns them
 */
export function uses(text, names) {
  const code = bare(text);
  return [...names].some((name) => {
    const word = name.startsWith(".") ? `\\${name}` : `(?<![\\w.])${name}`;
    return new RegExp(`${word}\\b`).test(code);
  });
}

/**
 * Return which cells use a changed name, directly or through a name that another
 * affected cell defines.
 *
 * @param {Iterable<string>} names the names that changed, as `defines` returns them
 * @param {string[]} texts the texts of the cells below the change, in order
 * @returns {boolean[]} for each text whether its cell is affected; a name that an
 *   unaffected cell defines anew counts as unchanged from there on
 */
export function affected(names, texts) {
  const changed = new Set(names);
  return texts.map((text) => {
    const own = defines(text);
    const foreign = [...changed].filter(
      (name) => !own.has(name) || text.includes(`@extend(${name})`),
    );
    const hit = uses(text, foreign);
    for (const name of own) {
      if (hit) changed.add(name);
      else changed.delete(name);
    }
    return hit;
  });
}

/**
 * Mark the cells below a changed cell that ran with its earlier definitions as stale.
 *
 * @param {{cell: Cell, before: string, code: string}} change `before`: the code that
 *   the cell ran earlier; `code`: the code that it ran, or would run, now
 * @param {Cell[]} cells all cells of the page, in order
 * @param {RanCells} ran the cells that ran on this kernel
 */
export function markStale({ cell, before, code }, cells, ran) {
  const same = before === code;
  const names = same ? classesOf(code) : [...defines(before), ...defines(code)];
  const below = cells.slice(cells.indexOf(cell) + 1);
  const texts = below.map((one) => ran.get(one)?.code ?? "");
  const hits = affected(names, texts);
  below.filter((_, index) => hits[index]).forEach((one) => one.markStale());
}

/** Return a Python text without triple-quoted strings and comments. */
export function bare(text) {
  return text.replace(/("""|''')[\s\S]*?\1/g, '""').replace(/#.*$/gm, "");
}
