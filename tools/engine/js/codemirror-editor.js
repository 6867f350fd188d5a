// Re-exports the parts of CodeMirror 6 of which the page makes its editors.

export {
  Decoration,
  EditorView,
  ViewPlugin,
  keymap,
  drawSelection,
  highlightActiveLine,
  highlightSpecialChars,
  lineNumbers,
  placeholder,
  tooltips,
} from '@codemirror/view';
export { Annotation, Compartment, EditorSelection, EditorState, Prec, StateEffect, StateField, Transaction } from '@codemirror/state';
export {
  defaultKeymap,
  history,
  historyKeymap,
  indentLess,
  indentMore,
  indentWithTab,
  insertNewlineAndIndent,
  toggleTabFocusMode,
} from '@codemirror/commands';
export {
  HighlightStyle,
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
  syntaxTree,
} from '@codemirror/language';
export { python, pythonLanguage } from '@codemirror/lang-python';
export {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
  startCompletion,
} from '@codemirror/autocomplete';
export { tags, classHighlighter } from '@lezer/highlight';
