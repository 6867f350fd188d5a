/** The editor that takes the place of a cell's source once the page is live. */

import { pygmentsColors } from "./highlight.js";

/** Load CodeMirror's pieces from the engine; once. */
export function loadEditor(engineUrl) {
  return import(new URL("editor.js", engineUrl).href);
}

/**
 * Make an editor.
 *
 * @param {object} cm what the engine's editor.js exports
 * @param {object} options
 * @param {string} options.text
 * @param {string} options.label its accessible name
 * @param {(text: string) => void} options.onChange at every change of the text
 * @param {() => void} options.onRun at Shift-Enter and Ctrl-Enter
 * @param {() => void} options.onNext after that at Shift-Enter
 * @param {(text: string, position: number) => Promise<?object>} options.complete
 *   see Session.complete
 * @returns {{element: HTMLElement, set: (text: string) => void, focus: () => void}}
 *   `set` is a change that Ctrl-Z takes back.
 */
export function createEditor(cm, { text, label, onChange, onRun, onNext, complete }) {
  const run = () => {
    onRun();
    return true;
  };
  const keys = [
    { key: "Shift-Enter", run: () => run() && (onNext(), true) },
    { key: "Mod-Enter", run },
    { key: "Tab", run: (view) => tab(cm, view), shift: cm.indentLess },
  ];
  const view = new cm.EditorView({
    state: cm.EditorState.create({
      doc: text,
      extensions: [
        cm.Prec.highest(cm.keymap.of(keys)),
        cm.history(),
        cm.python(),
        cm.indentUnit.of("    "),
        cm.EditorState.tabSize.of(4),
        cm.indentOnInput(),
        cm.bracketMatching(),
        cm.closeBrackets(),
        cm.autocompletion({
          override: [(context) => completions(context, complete)],
          activateOnTyping: false,
          icons: false,
        }),
        cm.keymap.of([
          ...cm.closeBracketsKeymap,
          ...cm.defaultKeymap,
          ...cm.historyKeymap,
          ...cm.completionKeymap,
        ]),
        pygmentsColors(cm),
        cm.EditorView.contentAttributes.of({
          "data-part": "editor",
          tabindex: "0", // what scrolls must hold something the keyboard can reach
          "aria-label": label,
          spellcheck: "false",
          autocorrect: "off",
          autocapitalize: "off",
        }),
        cm.EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
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

/** Complete after a name, indent elsewhere; Escape then Tab leaves the editor. */
function tab(cm, view) {
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

async function completions(context, complete) {
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
