/** One cell of the page: its text, its buttons and marks, its editor and output. */

import { button, make } from "../base/dom.js";
import { createEditor } from "../code/editor.js";
import { Edits } from "./edit-notices.js";
import { Exercise } from "../exercise/exercise.js";
import { helpFor } from "../help/help.js";
import { Marks } from "./marks.js";
import { Output } from "./output.js";
import { hash } from "../base/edit-store.js";
import { plainTraceback } from "../base/words.js";

/** @import { CellActions, CellData, CellState } from "../base/types.js" */
/** @import { Help, Offer, RunShown } from "../base/types.js" */
/** @import { EditStore } from "../base/edit-store.js" */
/** @import { Complete, Editor } from "../code/editor.js" */

const SAVE_MS = 300; // how long the typing must rest before an edit is saved

export class Cell {
  /**
   * @param {HTMLElement} element the [data-cell-id]
   * @param {CellData} data
   * @param {{number: number, total: number}} place in the chapter; `number` from 1
   * @param {CellActions} actions
   */
  constructor(element, data, place, actions) {
    this.element = element;
    this.id = data.id;
    this.role = data.role;
    this.published = data.source;
    this.untouched = data.untouched;
    this.number = place.number;
    this.name = `cell ${place.number} of ${place.total}`;
    /** The text as it stands in the cell: the reader's, if edited. */
    this.text = data.source;
    /** Hash of the published text that the reader's edit began from. */
    this.base = hash(data.source);
    /** The text when its run was asked for. */
    this.textRun = data.source;
    /** Whether something that the cell uses has changed since it last ran well. */
    this.stale = false;
    /** @type {?Editor} null until the page goes live */
    this.editor = null;
    /** @type {?EditStore} null until the page goes live */
    this.store = null;
    /** @type {?RunShown} what is shown of the last run */
    this.result = null;
    this.unsaved = false;
    this.saving = 0; // the timer of the next save
    this.actions = actions;
    /** @type {HTMLElement} */
    this.source = element.querySelector("[data-part=source]");
    /** @type {HTMLElement} */
    const output = element.querySelector("[data-part=output]");
    this.output = new Output(output, `Output of ${this.name}`);
    this.build();
    this.edits = new Edits(this);
    const parts = { hints: data.hints ?? [], check: actions.check };
    this.exercise = this.role === "exercise" ? new Exercise(this, parts) : null;
  }

  /** Make the bar below the source: buttons and marks, and the line for notes. */
  build() {
    const { actions } = this;
    const runAbove = () => actions.runAbove(this);
    const run = this.action("run", "Run", () => actions.run(this));
    this.aboveButton = this.action("run-above", "Run above", runAbove);
    this.resetButton = this.action("reset", "Reset", () => actions.reset(this));
    this.aboveButton.hidden = true;
    this.resetButton.hidden = true;
    const buttons = [run, this.aboveButton, this.resetButton];
    this.marks = new Marks();
    const label = { role: "group", "aria-label": `Actions, ${this.name}` };
    const parts = [...buttons, this.marks.element];
    const bar = make("div", { class: "tt-cell-bar", ...label }, ...parts);
    this.note = make("p", { class: "tt-note", role: "status", hidden: true });
    this.source.after(bar, this.note);
  }

  /** Make a button of this cell's, which names the cell to screen readers. */
  action(name, words, onclick) {
    const label = `${words}, ${this.name}`;
    return button(words, { "data-action": name, "aria-label": label, onclick });
  }

  /** Whether the reader's text differs from the published one. */
  get edited() {
    return this.text !== this.published;
  }

  /** Whether a run of the whole chapter uses the published solution for this cell. */
  get takesSolution() {
    return this.untouched !== undefined && !this.edited;
  }

  /** @returns {CellState} as the cell shows it */
  get state() {
    return /** @type {CellState} */ (this.element.dataset.state);
  }

  /**
   * Replace the source by an editor, with the stored edit in it if there is one.
   *
   * @param {object} cm what the engine's editor.js exports: CodeMirror
   * @param {EditStore} store
   * @param {Complete} complete
   */
  goLive(cm, store, complete) {
    if (this.editor) return;
    this.store = store;
    const kept = store.load(this.id, this.published);
    if (kept) {
      this.text = kept.text;
      this.base = kept.base;
    }
    this.editor = createEditor(cm, {
      text: this.text,
      label: `Code of ${this.name}`,
      onChange: (text) => this.change(text),
      onRun: () => this.actions.run(this),
      onNext: () => this.actions.next?.(this),
      complete,
    });
    const { element } = this.editor;
    this.source.after(make("div", { class: "tt-editor highlight" }, element));
    this.source.hidden = true;
    this.aboveButton.hidden = this.number === 1;
    this.showEdited();
    if (kept?.changed) this.edits.offerBoth();
    this.edits.offerAside();
  }

  /** Take over a text that was typed, and save it soon. */
  change(text) {
    this.text = text;
    this.showEdited();
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), SAVE_MS);
    this.unsaved = true;
    this.exercise?.clear();
    if (["ok", "error", "stale"].includes(this.state)) this.showChanged();
  }

  /** Note, and show, that something this cell used when it ran has changed since. */
  markStale() {
    this.stale = true;
    if (this.state === "ok") this.show("stale", "stale: what it uses has changed");
  }

  showChanged() {
    this.show("idle", "changed since it ran");
  }

  /** Save the text now, if it has changed since it was last saved. */
  save() {
    if (!this.unsaved) return;
    clearTimeout(this.saving);
    this.unsaved = false;
    if (!this.edited) this.forget();
    else if (this.store.save(this.id, this.text, this.base)) this.edits.offerAside();
  }

  /** Forget the stored edit: the published text is back. */
  forget() {
    this.base = hash(this.published);
    if (this.store.remove(this.id)) this.edits.offerAside();
  }

  /** Replace the text by one that is stored already, or need not be. */
  showText(text) {
    this.editor.set(text); // calls `change`, which would save it
    clearTimeout(this.saving);
    this.unsaved = false;
  }

  /** Show whether the text is edited. */
  showEdited() {
    this.element.toggleAttribute("data-edited", this.edited);
    this.marks.showEdited(this.edited);
    this.resetButton.hidden = !this.edited;
    this.edits.update();
    this.actions.changed?.(this);
  }

  /** Bring the published text and output back, and offer to undo that. */
  reset() {
    const before = { text: this.text, base: this.base };
    this.showText(this.published);
    this.forget();
    if (this.state !== "running") this.output.restore();
    this.edits.offerUndo(before);
    this.markSolution("");
    if (!["queued", "running"].includes(this.state)) this.show("idle");
  }

  /** Move the focus to this cell's editor. */
  focus() {
    this.editor.focus();
    this.element.scrollIntoView({ block: "nearest" });
  }

  /**
   * Show that a run has begun, or waits.
   *
   * @param {"queued" | "running"} state
   * @param {{solution: string}} run `solution`: see markSolution
   */
  begin(state, { solution }) {
    this.say("");
    this.markSolution(solution);
    this.textRun = this.text;
    this.show(state, state === "queued" ? "waiting" : "running…");
  }

  /**
   * Show how a run ended.
   *
   * @param {"ok" | "error" | "idle" | "ended"} state "idle": it was not run
   * @param {RunShown} result
   */
  end(state, result) {
    this.result = result;
    if (state === "ok") this.stale = false;
    this.element.dataset.state = state;
    this.marks.showResult(state, result);
    if (result.error) this.output.explain(this.helpOf(result.error));
    if (this.text === this.textRun) return;
    if (["ok", "error"].includes(state)) this.showChanged();
  }

  /**
   * Look up the sentence about an error of this cell.
   *
   * @param {RunShown["error"]} error
   * @returns {?Help} null for an error that help.js has no rule for
   */
  helpOf({ name, value, traceback = [], code }) {
    const all = this.actions.cells?.() ?? [this];
    const hasRun = ({ state }) => ["ok", "stale"].includes(state);
    const cells = all.map((one) => ({ id: one.id, text: one.text, ran: hasRun(one) }));
    const place = { source: code, at: all.indexOf(this), cells };
    return helpFor({ name, value, traceback: plainTraceback(traceback) }, place);
  }

  /**
   * Show that a replay has begun: this cell's run on an earlier kernel is repeated.
   *
   * @returns {(became: string) => void} to call with what came of it: "ok", "not run" or
   *   an error's name. A mark that did not say "ok" before stays, unless it failed.
   */
  beginReplay() {
    const { result } = this;
    const succeeded = this.state === "ok";
    if (succeeded) this.show("queued", "waiting for its replay");
    return (became) => {
      if (became === "ok") {
        if (succeeded) this.end("ok", result);
      } else if (became === "not run") {
        if (succeeded) this.show("idle", "not in this Python yet");
      } else {
        this.end("error", { words: `${became} when replayed` });
      }
    };
  }

  /**
   * Show a state in a word or two.
   *
   * @param {CellState} state
   * @param {string} words
   */
  show(state, words = "") {
    this.element.dataset.state = state;
    this.marks.showWords(words);
  }

  /** Show that the published solution runs in the text's place; "" takes that away. */
  markSolution(words) {
    this.element.toggleAttribute("data-solution-used", Boolean(words));
    this.marks.showSolution(words);
  }

  /**
   * Say a sentence in the cell; an empty one takes the line away.
   *
   * @param {string} words
   * @param {Offer[]} offers
   */
  say(words, offers = []) {
    this.note.hidden = !words;
    this.note.replaceChildren(words);
    for (const offer of offers) {
      this.note.append(" ", button(offer.words, { onclick: offer.action }));
    }
  }
}
