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

/**
 * @import {CellActions, CellData, CellState, Help, Offer, RunShown} from "../base/types.js"
 * @import { EditStore } from "../base/edit-store.js"
 * @import { Complete, Editor } from "../code/editor.js"
 */

const SAVE_MS = 300; // an edit is saved when nothing has been typed for this long

export class Cell {
  /**
   * @param {HTMLElement} element the element with `data-cell-id`
   * @param {CellData} data
   * @param {{number: number, total: number}} place `number`: the cell's number in the
   *   chapter, from 1; `total`: how many cells the chapter has
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
    /** The cell's present text: the reader's if edited, else the published one. */
    this.text = data.source;
    /** Hash of the published text that the reader's edit began from. */
    this.base = hash(data.source);
    /** The cell's text when its last run was queued or, if later, began. */
    this.textRun = data.source;
    /** Whether a cell that this one uses has changed since it ran without error. */
    this.stale = false;
    /** @type {?Editor} null until the page goes live */
    this.editor = null;
    /** @type {?EditStore} null until the page goes live */
    this.store = null;
    /** @type {?RunShown} the last run as the cell shows it; null before the first run */
    this.result = null;
    this.unsaved = false; // whether the text has changed since it was last saved
    this.saving = 0; // id of the timer that saves the text
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

  /** Make the bar with buttons and marks below the source, and the line for notes. */
  build() {
    const { actions } = this;
    const run = this.action("run", "Run", () => actions.run(this));
    this.aboveButton = this.action("run-above", "Run above", () =>
      actions.runAbove(this),
    );
    this.resetButton = this.action("reset", "Reset", () => actions.reset(this));
    for (const later of [this.aboveButton, this.resetButton]) later.hidden = true;
    this.marks = new Marks();
    const label = { role: "group", "aria-label": `Actions, ${this.name}` };
    const parts = [run, this.aboveButton, this.resetButton, this.marks.element];
    const bar = make("div", { class: "tt-cell-bar", ...label }, ...parts);
    this.note = make("p", { class: "tt-note", role: "status", hidden: true });
    this.source.after(bar, this.note);
  }

  /** Return a new button with the `data-action` name, whose label names this cell. */
  action(name, words, onclick) {
    const label = `${words}, ${this.name}`;
    return button(words, { "data-action": name, "aria-label": label, onclick });
  }

  /** Whether the reader's text differs from the published one. */
  get edited() {
    return this.text !== this.published;
  }

  /** Whether "Run all" runs the published solution in place of this cell's text. */
  get takesSolution() {
    return this.untouched !== undefined && !this.edited;
  }

  /** @returns {CellState} the state that the cell shows */
  get state() {
    return /** @type {CellState} */ (this.element.dataset.state);
  }

  /**
   * Replace the source by an editor with the stored edit, or else the published text.
   * Does nothing if the cell has an editor.
   *
   * @param {object} cm the exports of the engine's editor.js: CodeMirror
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

  /** Handle a change in the editor: take the text over and save it after SAVE_MS. */
  change(text) {
    this.text = text;
    this.showEdited();
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), SAVE_MS);
    this.unsaved = true;
    this.exercise?.clear();
    if (["ok", "error", "stale"].includes(this.state)) this.showChanged();
  }

  /** Note and show that something this cell used when it ran has changed since. */
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

  /** Remove the stored edit, after the published text has come back. */
  forget() {
    this.base = hash(this.published);
    if (this.store.remove(this.id)) this.edits.offerAside();
  }

  /** Replace the text without saving: the new text is stored or need not be. */
  showText(text) {
    this.editor.set(text); // calls `change`, which would save it
    clearTimeout(this.saving);
    this.unsaved = false;
  }

  /** Show whether the text is edited, and report the change to the page. */
  showEdited() {
    this.element.toggleAttribute("data-edited", this.edited);
    this.marks.showEdited(this.edited);
    this.resetButton.hidden = !this.edited;
    this.edits.update();
    this.actions.changed?.(this);
  }

  /** Bring the published text and output back, and offer to undo the reset. */
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
   * Show that a run is queued or has begun.
   *
   * @param {"queued" | "running"} state
   * @param {{solution: string}} run `solution`: the words for markSolution
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
   * @param {"ok" | "error" | "idle" | "ended"} state "idle": the cell did not run
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
   * Return the help for an error that this cell raised.
   *
   * @param {RunShown["error"]} error
   * @returns {?Help} null for an error that no rule of help.js fits
   */
  helpOf({ name, value, traceback = [], code }) {
    const all = this.actions.cells?.() ?? [this];
    const hasRun = ({ state }) => ["ok", "stale"].includes(state);
    const cells = all.map((one) => ({ id: one.id, text: one.text, ran: hasRun(one) }));
    const place = { source: code, at: all.indexOf(this), cells };
    return helpFor({ name, value, traceback: plainTraceback(traceback) }, place);
  }

  /**
   * Show that this cell waits to be run again, since a new kernel replaces the last one.
   *
   * @returns {(became: string) => void} a function to call with the outcome: "ok",
   *   "not run" or an error's name. If the cell's state was not "ok" before the replay,
   *   only an error changes what the cell shows.
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
   * Show a state.
   *
   * @param {CellState} state
   * @param {string} words text of the mark, a word or two; empty for no mark
   */
  show(state, words = "") {
    this.element.dataset.state = state;
    this.marks.showWords(words);
  }

  /** Show a mark that says which published code runs in the text's place; "" for none. */
  markSolution(words) {
    this.element.toggleAttribute("data-solution-used", Boolean(words));
    this.marks.showSolution(words);
  }

  /**
   * Show a sentence, with buttons behind it, in the cell's line for notes; "" hides it.
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
