/**
 * Highlights the editor's text with the CSS classes that Pygments gives to tokens, so
 * that the site's style sheet applies and a cell looks the same before and after going
 * live.
 */

const BUILTINS = new Set(
  (
    "abs all any ascii bin bool breakpoint bytearray bytes callable chr classmethod " +
    "compile complex delattr dict dir divmod enumerate eval exec filter float format " +
    "frozenset getattr globals hasattr hash hex id input int isinstance issubclass " +
    "iter len list locals map max memoryview min next object oct open ord pow print " +
    "property range repr reversed round set setattr slice sorted staticmethod str " +
    "sum super tuple type vars zip __import__"
  ).split(" "),
);

/**
 * Return the CodeMirror extensions that highlight the text.
 *
 * @param {object} cm the exports of the engine's editor.js: CodeMirror
 * @returns {object[]}
 */
export function pygmentsColors(cm) {
  return [cm.syntaxHighlighting(pygmentsStyle(cm.tags)), specialNames(cm)];
}

/** Return a CodeMirror highlighter that gives each syntax tag its Pygments class. */
function pygmentsStyle(tags) {
  const classes = new Map([
    [tags.keyword, "k"],
    [tags.controlKeyword, "k"],
    [tags.definitionKeyword, "k"],
    [tags.operatorKeyword, "ow"],
    [tags.moduleKeyword, "kn"],
    [tags.bool, "kc"],
    [tags.null, "kc"],
    [tags.number, "mi"],
    [tags.string, "s2"],
    [tags.escape, "se"],
    [tags.comment, "c1"],
    [tags.lineComment, "c1"],
    [tags.function(tags.definition(tags.variableName)), "nf"],
    [tags.definition(tags.className), "nc"],
    [tags.variableName, "n"],
    [tags.propertyName, "n"],
    [tags.meta, "nd"],
    [tags.operator, "o"],
    [tags.arithmeticOperator, "o"],
    [tags.compareOperator, "o"],
    [tags.bitwiseOperator, "o"],
    [tags.definitionOperator, "o"],
    [tags.derefOperator, "o"],
    [tags.punctuation, "p"],
    [tags.paren, "p"],
    [tags.squareBracket, "p"],
    [tags.brace, "p"],
    [tags.separator, "p"],
  ]);
  return {
    style(found) {
      // A tag's `set` lists the tag itself, then its parents, the most general last.
      const parts = found.flatMap((tag) => tag.set);
      return classes.get(parts.find((part) => classes.has(part))) ?? null;
    },
  };
}

/**
 * Return a CodeMirror plugin that marks builtins, exceptions and `self`, which Pygments
 * has classes for, while the editor's grammar takes them for plain variable names.
 */
function specialNames(cm) {
  const mark = (name) => cm.Decoration.mark({ class: name });
  const marks = { nb: mark("nb"), ne: mark("ne"), bp: mark("bp") };
  const build = (view) => {
    const found = [];
    for (const { from, to } of view.visibleRanges) {
      cm.syntaxTree(view.state).iterate({
        from,
        to,
        enter(node) {
          if (node.name !== "VariableName") return;
          const kind = kindOf(view.state.sliceDoc(node.from, node.to));
          if (kind) found.push(marks[kind].range(node.from, node.to));
        },
      });
    }
    return cm.Decoration.set(found, true);
  };
  class Names {
    constructor(view) {
      this.marks = build(view);
    }

    update({ docChanged, viewportChanged, startState, state, view }) {
      const parsed = cm.syntaxTree(startState) !== cm.syntaxTree(state);
      if (docChanged || viewportChanged || parsed) this.marks = build(view);
    }
  }
  return cm.ViewPlugin.fromClass(Names, { decorations: (names) => names.marks });
}

/** Return the Pygments class of a special name, or null for any other name. */
function kindOf(name) {
  if (name === "self" || name === "cls") return "bp";
  if (BUILTINS.has(name)) return "nb";
  return /^[A-Z]\w*(Error|Exception|Warning)$/.test(name) ? "ne" : null;
}
