/**
 * The rules of help.js: one for each kind of beginner's mistake.
 *
 * To add a rule, put it here, and a cell with the mistake into
 * tests/live/help/mistakes.
 */

import {
  FROM_TORCH,
  METHODS,
  OF_TENSORS,
  addedIn,
  definedIn,
  hasMethod,
  nearest,
  signature,
  silent,
  wordsAt,
  wordsBehindDots,
} from "./help-names.js";
import { syntaxHelp } from "./help-syntax.js";

/** @import { Rule } from "./help.js" */

/**
 * The rules, in the order in which they are tried.
 *
 * @type {Rule[]}
 */
export const RULES = [
  {
    id: "syntax",
    errors: ["SyntaxError", "IndentationError", "TabError", "_IncompleteInputError"],
    says: /^(.*?)(?: \([^()]*line (\d+)\))?$/s,
    words: ([, message, line], { source }) => syntaxHelp(message, Number(line), source),
  },
  {
    id: "unwritten",
    errors: ["NotImplementedError"],
    says: /^(\d\d-[\w-]+): replace this line/,
    words: ([, id], { cells, at, nameOf }) => {
      const go = cells.findIndex((cell) => cell.id === id);
      if (go < 0) return null;
      const who = go === at ? "This exercise" : `The exercise in ${nameOf(go)}`;
      const then = "replace the line that raises NotImplementedError with your code";
      return { words: `${who} is needed here and not written yet: ${then}.`, go };
    },
  },
  {
    id: "name",
    errors: ["NameError"],
    says: /name '(\w+)' is not defined/,
    words: ([, name], { cells, at, nameOf, source }) => {
      const go = definedIn(name, cells, at);
      if (go !== null && go > at) {
        const words = `\`${name}\` is defined only further down, in ${nameOf(go)}.`;
        return { words: `${words} Run that cell first.`, go };
      }
      if (go !== null) {
        const then = cells[go].ran
          ? ": run it again."
          : ", which has not run yet: run it first.";
        return { words: `\`${name}\` is defined in ${nameOf(go)}${then}`, go };
      }
      const meant = nearest(name, wordsAt(cells, at, source));
      if (meant) return `No cell defines \`${name}\`. Did you mean \`${meant}\`?`;
      return `No cell of this page defines \`${name}\`: give it a value first, or look for a slip in its spelling.`;
    },
  },
  {
    id: "unbound",
    errors: ["UnboundLocalError"],
    says: /local variable '(\w+)'/,
    words: ([, name]) =>
      `This function uses \`${name}\` before it has set it, or sets it only in a branch that was not taken: give it a first value at the top of the function.`,
  },
  {
    id: "none",
    errors: ["TypeError", "AttributeError"],
    says: /NoneType/,
    words: (_, { cells, at, nameOf, source, traceback }) => {
      const near = `${source}\n${traceback}`;
      for (let go = at; go >= 0; go -= 1) {
        const names = silent(cells[go].text);
        const name = names.find((one) => new RegExp(`\\b${one}\\b`).test(near));
        if (!name) continue;
        const where = go === at ? "this cell" : nameOf(go);
        const words = `Something here is None: \`${name}\`, in ${where}, never returns anything. End it with \`return\` and its result.`;
        return { words, go };
      }
      return "Something here is None, as a function's result is when it ends without `return`: look at what made the value. Where None is meant, as for a missing bias, ask `is None` first.";
    },
  },
  {
    id: "shapes",
    errors: ["ValueError"],
    says: /shapes (\([\d, ]*\)) (?:and )?(\([\d, ]*\))(?: do not broadcast|\s*$)|output operand with shape (\(.*?\)) doesn't match the broadcast shape (\(.*?\))/,
    words: ([, a, b, output, result]) =>
      `Shapes ${a ?? output} and ${b ?? result} do not fit together: compared from the right, two sizes must be equal, or one of them 1. Print both shapes; \`reshape\`, or \`keepdims=True\` in a reduction, puts a 1 where one is missing.`,
  },
  {
    id: "matmul",
    errors: ["ValueError"],
    says: /shapes (\([\d, ]+\)) and (\([\d, ]+\)) (?:do not multiply\n|not aligned)|matmul: .*\(size (\d+) is different from (\d+)\)/,
    words: ([, a, b, right, left]) => {
      const met = a ? `${a} meets ${b}` : `${left} meets ${right}`;
      return `\`a @ b\` needs the last size of \`a\` to be the last but one of \`b\`, and here ${met}: change the order of the two, or transpose one with \`.T\`.`;
    },
  },
  {
    id: "in-place",
    errors: ["RuntimeError"],
    says: /backward of (\w+) needs was changed/,
    words: ([, name]) =>
      `\`backward\` needs the numbers that ${name} was computed from, and a line in between has written over them, as \`-=\` and \`x.data[…] =\` do: move that line behind \`backward()\`.`,
  },
  {
    id: "graph-used",
    errors: ["RuntimeError"],
    says: /graph of this result was freed/,
    words: () =>
      "`backward()` uses a result's graph up, and this one was used before: compute the loss anew before each `backward()`.",
  },
  {
    id: "truth",
    errors: ["ValueError"],
    says: /^(?:one number is needed here|The truth value of an array)/,
    words: (_, { traceback, source }) =>
      /\.item\(\)/.test(source) && !/__bool__/.test(traceback)
        ? null
        : "`if`, `and`, `or` and Python's own `max` and `min` need a single yes or no, and a comparison of many numbers gives many: use an operation of Tensor, which takes all of them at once.",
  },
  {
    id: "recursion",
    errors: ["RecursionError"],
    says: /recursion depth/,
    words: (_, { traceback }) => {
      const last = [...traceback.matchAll(/\bin (\w+)\(/g)].at(-1);
      const name = last ? `\`${last[1]}\`` : "A function";
      if (!last?.[1].startsWith("__")) {
        return `${name} calls itself without end: give it a case in which it returns before it does so, or call what you meant instead.`;
      }
      return `${name} calls itself without end, since an operator inside of it means the same method once more: compute with what the object holds, such as \`self.data\`.`;
    },
  },
  {
    id: "no-arguments",
    errors: ["TypeError"],
    says: /^(\w+)\(\) takes no arguments/,
    words: ([, name], { cells, nameOf }) => {
      const go = addedIn("__init__", name, cells);
      if (go !== null) return addedHelp(name, "__init__", go, nameOf);
      return `\`${name}(x)\` makes an object and takes no arguments here: make the object first, then call it, \`${name}()(x)\`.`;
    },
  },
  {
    id: "arguments",
    errors: ["TypeError"],
    says: /(?:(\w+)\.)?(\w+)\(\) (?:takes .*? positional arguments? but|missing|got an unexpected keyword argument '(\w+)')/,
    words: ([all, owner, name, keyword], { cells, at }) => {
      const found = signature(name, owner, cells, at);
      if (!found) return null;
      const { parameters, method, line } = found;
      if (method && !/^(self|cls|\*.*)$/.test(parameters[0] ?? "")) {
        return `\`${line}\` lacks \`self\`: Python hands a method its object first, so it begins \`def ${name}(self, …)\`.`;
      }
      const meant = keyword && nearest(keyword, parameters);
      if (meant)
        return `\`${name}\` has no argument \`${keyword}\`. Did you mean \`${meant}\`?`;
      if (all.endsWith("missing") && method) {
        return `The call gives less than \`${line}\` asks for. Where it names the class, as in \`ReLU.${name}(x)\`, make an object first: \`ReLU().${name}(x)\`.`;
      }
      return `The call does not fit \`${line}\`: count its arguments${method ? ", `self` aside" : ""}, and compare their names.`;
    },
  },
  {
    id: "assignment",
    errors: ["TypeError", "AttributeError"],
    says: /'(tuple|Tensor)' object does not support item assignment|property '(\w+)' of '(\w+)' object has no setter/,
    words: ([, kind, property]) => {
      if (kind === "tuple") {
        return "A tuple, such as a shape, cannot be changed: build a new one, as in `(1,) + shape[1:]`, or collect in a list and make `tuple(…)` of it.";
      }
      if (kind)
        return "A Tensor takes no assignment to its parts: compute a new one, or write into its array, `x.data[…] = …`.";
      return `\`${property}\` is read off the data and cannot be set: make a new Tensor, with \`reshape\` or \`Tensor(…, dtype)\`.`;
    },
  },
  {
    id: "whole-number",
    errors: ["TypeError", "IndexError"],
    says: /'(?:numpy\.)?float\d*' object cannot be interpreted as an integer|indices must be integers|^only integers, slices/,
    words: () =>
      "A size, a count or an index must be a whole number, and `/` gives a float even for 4 / 2: divide with `//`, or use `int(…)`.",
  },
  {
    id: "shape-tuple",
    errors: ["TypeError"],
    says: /^Cannot interpret '(\d+)' as a data type/,
    words: () =>
      "The shape is one argument, a tuple in parentheses of its own: `np.zeros((2, 3))`, not `np.zeros(2, 3)`.",
  },
  {
    id: "integer-array",
    errors: ["UFuncTypeError", "_UFuncOutputCastingError"],
    says: /Cannot cast ufunc '(\w+)' output from dtype\('float\d+'\) to dtype\('(u?int\d+|bool)'\)/,
    words: ([, , kind]) =>
      `An array of ${kind} cannot take fractions in place: make it of floats to begin with, as in \`np.zeros(n, np.float32)\` or \`array.astype(np.float32)\`.`,
  },
  {
    id: "list",
    errors: ["TypeError", "AttributeError"],
    says: /operand type.*'list'|concatenate list|multiply sequence by non-int|between instances of .*'list'|'list' object has no attribute '(\w+)'/,
    words: ([, attribute]) =>
      attribute && !OF_TENSORS.includes(attribute)
        ? null
        : "A Python list does no arithmetic with its numbers and has no shape: make a Tensor of it first, `Tensor([…])`, or an array, `np.array([…])`.",
  },
  {
    id: "operator",
    errors: ["TypeError"],
    says: /unsupported operand type\(s\) for ([^:]+): '(\w+)' and '(\w+)'/,
    words: ([, sign, left, right], { cells, nameOf }) => {
      const method = METHODS[sign.replace(/=$/, "")];
      for (const owner of [left, right]) {
        const go = method ? addedIn(method, owner, cells) : null;
        if (go !== null) return addedHelp(owner, method, go, nameOf);
      }
      return null;
    },
  },
  {
    id: "attribute",
    errors: ["AttributeError"],
    says: /^(?:'|module '|type object ')([\w.]+)'(?: object)? has no attribute '(\w+)'/,
    words: ([, owner, name], { cells, nameOf }) => {
      const go = addedIn(name, owner, cells);
      if (go !== null) return addedHelp(owner, name, go, nameOf);
      const texts = cells.map(({ text }) => text).join("\n");
      const set = new RegExp(`self\\.${name}\\b[^=\\n]*=(?!=)`).test(texts);
      if (
        !set &&
        new RegExp(`self\\.${name}\\b`).test(texts) &&
        hasMethod(owner, "__init__", cells)
      ) {
        return `Nothing sets \`self.${name}\`: assign it in \`__init__\`, with \`self.\` in front.`;
      }
      const meant = FROM_TORCH[name] ?? nearest(name, wordsBehindDots(cells));
      if (meant) return `\`${owner}\` has no \`${name}\`. Did you mean \`${meant}\`?`;
      const callable = OF_TENSORS.includes(name) && hasMethod(owner, "__call__", cells);
      if (!callable) return null;
      return `This is the \`${owner}\` itself and not its result: call it on the Tensor, as in \`${owner}()(x)\`.`;
    },
  },
  {
    id: "index",
    errors: ["IndexError"],
    says: /index (-?\d+) is out of bounds for axis (-?\d+) with size (\d+)/,
    words: ([, index, axis, size]) =>
      `There is no ${index} on axis ${axis}: positions are counted from 0, so with ${size} of them the last is ${Number(size) - 1}.`,
  },
];

/**
 * Return the help for a class that has lost a method or attribute which another cell
 * had added to it.
 *
 * @param {string} owner name of the class
 * @param {string} name of the method or attribute
 * @param {number} go index of the cell that adds the method or attribute
 * @param {(place: number) => string} nameOf see Question
 * @returns {{words: string, go: number}}
 */
function addedHelp(owner, name, go, nameOf) {
  const words = `\`${owner}\` gets its \`${name}\` in ${nameOf(go)}, and loses it whenever the cell with \`class ${owner}\` runs again: run all of them in order, as Run above does.`;
  return { words, go };
}
