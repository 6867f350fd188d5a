/** The code editor that takes the place of a cell's source once the page is live. */

import { pygmentsColors } from "./highlight.js";

/**
 * Load CodeMirror from the engine; the browser loads a module once.
 *
 * @param {string} engineUrl
 */
export function loadEditor(engineUrl) {
  return import(new URL("editor.js", engineUrl).href);
}

/**
 * @typedef {object} EditorOptions
 * @property {string} text
 * @property {string} label its accessible name
 * @property {(text: string) => void} onChange called at every change of the text
 * @property {() => void} onRun called at Shift-Enter and Ctrl-Enter
 * @property {() => void} onNext called after onRun at Shift-Enter
 * @property {Complete} complete
 */

/**
 * @callback Complete asks the kernel for completions; see Session.complete
 * @param {string} text
 * @param {number} position
 * @returns {Promise<?{matches: string[], start: number, end: number}>}
 */

/**
 * @typedef {object} Editor
 * @property {HTMLElement} element
 * @property {(text: string) => void} set replace the text; Ctrl-Z takes that back
 * @property {() => void} focus
 */

/**
 * Make an editor.
 *
 * @param {object} cm what the engine's editor.js exports: CodeMirror
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
  // The site has keys of its own ("/" searches); what is typed here is not for them.
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
  // A key's `run` returns true for: handled, go no further.
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
    tabindex: "0", // what scrolls must hold something the keyboard can reach
    "aria-label": label,
    spellcheck: "false",
    autocorrect: "off",
    autocapitalize: "off",
  });
}

/**
 * Handle the Tab key: complete after a name, indent elsewhere. (Escape, then Tab leaves
 * the editor: CodeMirror's own rule.)
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

/** Completions in the form CodeMirror wants, or null for none. */
async function completionsFor(context, complete) {
  const text = context.state.doc.toString();
  const reply = await complete(text, context.pos);
  if (!reply || context.aborted || !reply.matches.length) return null;
  // The kernel matches whole dotted names; only their last part is shown.
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
