/** The code editor that takes the place of a cell's source once the page is live. */

import { pygmentsColors } from "./highlight.js";

/**
 * Load the engine's editor.js, whose exports are CodeMirror. The browser loads it once.
 *
 * @param {string} engineUrl absolute, ending in a slash
 */
export function loadEditor(engineUrl) {
  return import(new URL("editor.js", engineUrl).href);
}

/**
 * @typedef {object} EditorOptions
 * @property {string} text
 * @property {string} label the editor's accessible name
 * @property {(text: string) => void} onChange called with the text after every change
 * @property {() => void} onRun called at Shift-Enter and Ctrl-Enter
 * @property {() => void} onNext called after onRun at Shift-Enter
 * @property {Complete} complete
 */

/**
 * @callback Complete asks the kernel for completions; see Session.complete
 * @param {string} text the whole text
 * @param {number} position offset of the cursor, in UTF-16 units
 * @returns {Promise<?{matches: string[], start: number, end: number}>} see Completion
 */

/**
 * @typedef {object} Editor
 * @property {HTMLElement} element
 * @property {(text: string) => void} set replaces the text; Ctrl-Z undoes that
 * @property {() => void} focus moves the focus to the editor
 */

/**
 * Return a new editor for Python; its element is not in the page yet.
 *
 * @param {object} cm the exports of the engine's editor.js: CodeMirror
 * @param {EditorOptions} options
 * @returns {Editor}
 */
export function createEditor(cm, options) {
  const view = new cm.EditorView({
    state: cm.EditorState.create({
      doc: options.text,
      extensions: [
        cm.Prec.highest(cm.keymap.of(cellKeys(cm, options))),
        ...pythonEditing(cm),
        completion(cm, options.complete),
        defaultKeys(cm),
        pygmentsColors(cm),
        attributes(cm, options.label),
        cm.EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  // The site has keyboard shortcuts, such as "/" for its search: keys that are typed
  // into the editor must not reach them.
  view.dom.addEventListener("keydown", (event) => event.stopPropagation());
  return {
    element: view.dom,
    focus: () => view.focus(),
    set(wanted) {
      const length = view.state.doc.length;
      view.dispatch({ changes: { from: 0, to: length, insert: wanted } });
    },
  };
}

function cellKeys(cm, { onRun, onNext }) {
  // In CodeMirror a key's `run` returns true if it has handled the key.
  const run = () => {
    onRun();
    return true;
  };
  const runAndGoOn = () => {
    onRun();
    onNext();
    return true;
  };
  return [
    { key: "Shift-Enter", run: runAndGoOn },
    { key: "Mod-Enter", run },
    { key: "Tab", run: (view) => completeOrIndent(cm, view), shift: cm.indentLess },
  ];
}

function pythonEditing(cm) {
  return [
    cm.history(),
    cm.python(),
    cm.indentUnit.of("    "),
    cm.EditorState.tabSize.of(4),
    cm.indentOnInput(),
    cm.bracketMatching(),
    cm.closeBrackets(),
  ];
}

function completion(cm, complete) {
  return cm.autocompletion({
    override: [(context) => completionsFor(context, complete)],
    activateOnTyping: false,
    icons: false,
  });
}

function defaultKeys(cm) {
  return cm.keymap.of([
    ...cm.closeBracketsKeymap,
    ...cm.defaultKeymap,
    ...cm.historyKeymap,
    ...cm.completionKeymap,
  ]);
}

function attributes(cm, label) {
  return cm.EditorView.contentAttributes.of({
    "data-part": "editor",
    tabindex: "0", // the keyboard must be able to reach what scrolls
    "aria-label": label,
    spellcheck: "false",
    autocorrect: "off",
    autocapitalize: "off",
  });
}

/**
 * Handle the Tab key: accept or ask for completions after a name, else indent. Returns
 * whether the key was handled. (In CodeMirror, Escape and then Tab leaves the editor.)
 */
function completeOrIndent(cm, view) {
  if (cm.acceptCompletion(view)) return true;
  const { main } = view.state.selection;
  const before = view.state.doc.lineAt(main.head);
  const written = before.text.slice(0, main.head - before.from);
  if (main.empty && /[\w.]$/.test(written)) return cm.startCompletion(view);
  if (!main.empty) return cm.indentMore(view);
  const missing = 4 - (written.length % 4);
  view.dispatch(view.state.replaceSelection(" ".repeat(missing)));
  return true;
}

/**
 * Return the kernel's completions in CodeMirror's format, or null if there are none.
 */
async function completionsFor(context, complete) {
  const text = context.state.doc.toString();
  const reply = await complete(text, context.pos);
  if (!reply || context.aborted || !reply.matches.length) return null;
  // The kernel's matches are dotted names ("np.zeros"); show only their last part.
  const written = text.slice(reply.start, reply.end);
  const dot = written.lastIndexOf(".") + 1;
  const before = written.slice(0, dot);
  const shared = reply.matches.every((match) => match.startsWith(before));
  const cut = shared ? dot : 0;
  return {
    from: reply.start + cut,
    to: reply.end,
    options: reply.matches.map((match) => ({ label: match.slice(cut) })),
    validFor: /^\w*$/,
  };
}
