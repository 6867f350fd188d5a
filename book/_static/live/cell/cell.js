/** One cell of the page: its text, its buttons and marks, its editor and output. */

import { button, make } from "../base/dom.js";
import { createEditor } from "../code/editor.js";
import { Edits } from "./edits.js";
import { Exercise } from "../exercise/exercise.js";
import { helpFor } from "../help/help.js";
import { Output } from "./output.js";
import { hash } from "../base/store.js";
import { duration } from "../base/words.js";

const SAVE_MS = 300;

export class Cell {
  /**
   * @param {HTMLElement} element the [data-cell-id]
   * @param {object} data of the cell, see page.js
   * @param {{number: number, total: number}} place in the chapter, from 1
   * @param {{run: Function, runAbove: Function, reset: Function, check: ?Function,
   *   cells: () => Cell[]}} actions each called with the cell; `cells`, those of the page
   */
  constructor(element, data, place, actions) {
    this.element = element;
    this.id = data.id;
    this.role = data.role;
    this.published = data.source;
    this.untouched = data.untouched;
    this.number = place.number;
    this.name = `cell ${place.number} of ${place.total}`;
    this.text = data.source;
    this.base = hash(data.source);
    this.editor = null;
    this.result = null;
    this.actions = actions;
    this.source = element.querySelector("[data-part=source]");
    this.output = new Output(
      element.querySelector("[data-part=output]"),
      `Output of ${this.name}`,
    );
    this.build();
    const { hints = [] } = data;
    const exercise = this.role === "exercise";
    this.edits = new Edits(this);
    this.exercise = exercise && new Exercise(this, { hints, check: actions.check });
  }

  build() {
    const { actions } = this;
    this.runButton = this.action("run", "Run", () => actions.run(this));
    this.aboveButton = this.action("run-above", "Run above", () =>
      actions.runAbove(this),
    );
    this.resetButton = this.action("reset", "Reset", () => actions.reset(this));
    this.aboveButton.hidden = true;
    this.resetButton.hidden = true;
    this.solutionMark = make("span", { class: "tt-mark tt-mark-solution" });
    this.editedMark = make("span", { class: "tt-mark", hidden: true }, "edited");
    this.resultMark = make("span", { class: "tt-mark tt-mark-result" });
    const buttons = [this.runButton, this.aboveButton, this.resetButton];
    const marks = [this.solutionMark, this.editedMark, this.resultMark];
    this.bar = make(
      "div",
      { class: "tt-cell-bar", role: "group", "aria-label": `Actions, ${this.name}` },
      ...buttons,
      make("span", { class: "tt-marks" }, ...marks),
    );
    this.note = make("p", { class: "tt-note", role: "status", hidden: true });
    this.source.after(this.bar, this.note);
  }

  action(name, words, onclick) {
    const label = `${words}, ${this.name}`;
    return button(words, { "data-action": name, "aria-label": label, onclick });
  }

  /** Whether the text is another than the published one. */
  get edited() {
    return this.text !== this.published;
  }

  /** Whether a whole-chapter run takes the published solution for this cell. */
  get takesSolution() {
    return this.untouched !== undefined && !this.edited;
  }

  get state() {
    return this.element.dataset.state;
  }

  /**
   * Put the editor in the place of the source.
   *
   * @param {object} cm the engine's editor
   * @param {EditStore} store
   * @param {(text: string, position: number) => Promise<?object>} complete
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
    const frame = make("div", { class: "tt-editor highlight" }, this.editor.element);
    this.source.after(frame);
    this.source.hidden = true;
    this.aboveButton.hidden = this.number === 1;
    this.showEdited();
    if (kept?.changed) this.edits.offerBoth();
    this.edits.offerAside();
  }

  change(text) {
    this.text = text;
    this.showEdited();
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), SAVE_MS);
    this.unsaved = true;
    if (this.exercise) this.exercise.clear();
    if (["ok", "error", "stale"].includes(this.state)) this.showChanged();
  }

  /** Show that what this cell ran on has changed since. */
  markStale() {
    if (this.state === "ok") this.show("stale", "stale: what it uses has changed");
  }

  showChanged() {
    this.show("idle", "changed since it ran");
  }

  /** Write the text to the store now, if it has changed. */
  save() {
    if (!this.unsaved) return;
    clearTimeout(this.saving);
    this.unsaved = false;
    if (!this.edited) this.forget();
    else if (this.store.save(this.id, this.text, this.base)) this.edits.offerAside();
  }

  forget() {
    this.base = hash(this.published);
    if (this.store.remove(this.id)) this.edits.offerAside();
  }

  /** Another tab has changed this cell: follow it, unless this one is being edited. */
  follow(record) {
    if (!this.editor || this.unsaved) return; // what is written next puts it aside
    const text = record?.text ?? this.published;
    if (text === this.text) return;
    const before = { text: this.text, base: this.base };
    this.editor.set(text);
    clearTimeout(this.saving);
    this.unsaved = false;
    this.base = record?.base ?? hash(this.published);
    this.store.adopt(this.id);
    this.edits.offerBack(before);
  }

  showEdited() {
    this.element.toggleAttribute("data-edited", this.edited);
    this.editedMark.hidden = !this.edited;
    this.resetButton.hidden = !this.edited;
    this.edits.update();
    this.actions.changed?.(this);
  }

  /** Go on with the reader's text, as an edit of what is published now. */
  keep() {
    this.base = hash(this.published);
    this.store.save(this.id, this.text, this.base);
    this.say("");
  }

  /** Bring the published cell back: its text, and its output. */
  reset() {
    const { text, base } = this;
    this.editor.set(this.published);
    clearTimeout(this.saving);
    this.unsaved = false;
    this.forget();
    if (this.state !== "running") this.output.restore();
    this.edits.offerUndo(text, base);
    this.markSolution("");
    if (!["queued", "running"].includes(this.state)) this.show("idle");
  }

  /** Take the keyboard to this cell's editor. */
  focus() {
    this.editor.focus();
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** Show that a run has begun, or waits. */
  begin(state, { solution }) {
    this.say("");
    this.markSolution(solution);
    this.textRun = this.text;
    this.show(state, state === "queued" ? "waiting" : "running…");
  }

  /**
   * Show how a run ended.
   *
   * @param {"ok" | "error" | "idle"} state
   * @param {{count?: number, ms?: number, words?: string, error?: object}} result
   *   `words` name the error, or say what became of the run; `error`, see helpOf
   */
  end(state, result) {
    this.result = result;
    const { count, ms, words = "" } = result;
    const sign = { ok: "✓", error: "✗" }[state] ?? "";
    const time = ms === undefined ? "" : duration(ms);
    const number = count === undefined ? "" : `[${count}]`;
    const said = { ok: "ran without error", error: "failed" }[state] ?? "";
    this.element.dataset.state = state;
    this.resultMark.replaceChildren(
      make("span", { class: "tt-unseen" }, said),
      make("span", {}, number),
      make("span", { class: "tt-sign", "aria-hidden": "true" }, sign),
      make("span", {}, [words, time].filter(Boolean).join(", ")),
    );
    if (result.error) this.output.explain(this.helpOf(result.error));
    const changed = this.text !== this.textRun;
    if (changed && ["ok", "error"].includes(state)) this.showChanged();
  }

  /**
   * A sentence about an error of this cell, or null; see help.js.
   *
   * @param {{name: string, value: string, traceback: string[], code: string}} error
   *   `code`: what was run
   */
  helpOf({ name, value, traceback = [], code }) {
    const all = this.actions.cells?.() ?? [this];
    const cells = all.map(({ id, text, state }) => {
      return { id, text, ran: ["ok", "stale"].includes(state) };
    });
    const told = traceback.join("\n").replace(/\x1b\[[0-9;]*m/g, "");
    const place = { source: code, at: all.indexOf(this), cells };
    return helpFor({ name, value, traceback: told }, place);
  }

  /**
   * Show that this cell's run on an earlier kernel is being repeated.
   *
   * @returns {(became: "ok" | "not run" | string) => void} shows what came of it; a
   *   mark that said something else than success stays as it was
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

  /** Show a state in a word or two. */
  show(state, words = "") {
    this.element.dataset.state = state;
    this.resultMark.replaceChildren(words);
  }

  /** Show, in the cell, that its published solution stands in for it. */
  markSolution(words) {
    this.element.toggleAttribute("data-solution-used", Boolean(words));
    this.solutionMark.textContent = words;
  }

  /** Say a sentence in the cell, with buttons if there is something to press. */
  say(words, offers = []) {
    this.note.hidden = !words;
    this.note.replaceChildren(words);
    for (const offer of offers) {
      this.note.append(" ", button(offer.words, { onclick: offer.action }));
    }
  }
}
