/**
 * Finds the cells that are stale: they ran on something that has changed since.
 *
 * The rule looks at words and does not parse Python: a later cell counts as using a name
 * where the name stands in it as a word, outside comments and docstrings. So it may mark
 * a cell too many.
 */

/** @import { RanCells } from "../base/types.js" */
/** @import { Cell } from "../cell/cell.js" */

const TARGET = /^([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s*(?::[^=\n]+)?[-+*/@]?=(?!=)/gm;
const EXTENDED = /^@extend\((\w+)\)\n(?:@.*\n)*def\s+(\w+)/gm;
const DEFINED = /^(@.*\n)?(?:async\s+)?(def|class)\s+(\w+)/gm;
const IMPORTED = /^(?:from\s+\S+\s+)?import\s+([^\n#]+)/gm;

/**
 * The names a cell defines at its top level.
 *
 * @param {string} text
 * @returns {Set<string>} a method that it adds to a class stands as ".name"; one that
 *   Python calls for an operator, which no word shows, as the name of the class
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
 * The classes that a cell defines. Defined again, a class loses the methods that later
 * cells added to it, even where its own text is the same.
 *
 * @param {string} text
 * @returns {Set<string>}
 */
export function classesOf(text) {
  const found = [...bare(text).matchAll(DEFINED)];
  return new Set(found.filter((one) => one[2] === "class").map((one) => one[3]));
}

/**
 * Whether a text uses one of the names.
 *
 * @param {string} text
 * @param {Iterable<string>} names as `defines` gives them
 */
export function uses(text, names) {
  const code = bare(text);
  return [...names].some((name) => {
    const word = name.startsWith(".") ? `\\${name}` : `(?<![\\w.])${name}`;
    return new RegExp(`${word}\\b`).test(code);
  });
}

/**
 * Tell which texts use something that has changed, directly or through one another.
 *
 * @param {Iterable<string>} names what changed
 * @param {string[]} texts of the cells below, in order
 * @returns {boolean[]} for each text whether it uses one of the names, or what a cell
 *   that does defines; a name that is defined anew on the way is another from there on
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
 * Mark the cells below a changed one that ran on what it defined before.
 *
 * @param {{cell: Cell, before: string, code: string}} change `before`: what the cell had
 *   run; `code`: what it runs now
 * @param {Cell[]} cells of the page
 * @param {RanCells} ran what ran on this kernel
 */
export function markStale({ cell, before, code }, cells, ran) {
  const same = before === code;
  const names = same ? classesOf(code) : [...defines(before), ...defines(code)];
  const below = cells.slice(cells.indexOf(cell) + 1);
  const texts = below.map((one) => ran.get(one)?.code ?? "");
  const hits = affected(names, texts);
  below.filter((_, index) => hits[index]).forEach((one) => one.markStale());
}

/** A text without docstrings and comments. */
export function bare(text) {
  return text.replace(/("""|''')[\s\S]*?\1/g, '""').replace(/#.*$/gm, "");
}
