/**
 * What a cell shows about the reader's edit: the difference from the published text,
 * and the choice between two texts.
 */

import { diffRows } from "../code/diff-rows.js";
import { make } from "../base/dom.js";
import { hash } from "../base/edit-store.js";

/** @import { Edit } from "../base/types.js" */
/** @import { Cell } from "./cell.js" */

const WHOSE = { "-": "published: ", "+": "yours: " }; // see diffRows

export class Edits {
  /** @param {Cell} cell the cell; its bar gets the button "Difference" */
  constructor(cell) {
    this.cell = cell;
    this.button = cell.action("diff", "Difference", () => this.toggle());
    this.button.setAttribute("aria-expanded", "false");
    this.button.hidden = true;
    this.shown = make("div", {
      "data-part": "diff",
      class: "tt-diff",
      tabindex: "0",
      role: "group",
      "aria-label": `What differs from the published text, ${cell.name}`,
      hidden: true,
    });
    cell.resetButton.after(this.button);
    cell.note.after(this.shown);
  }

  /**
   * Show or hide the difference from the published text.
   *
   * @param {boolean} open whether to show the difference; by default, whether it is
   *   hidden
   */
  toggle(open = Boolean(this.shown.hidden)) {
    this.shown.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    this.update();
  }

  /**
   * Update the button and, if it is shown, the difference to the cell's present text.
   */
  update() {
    const { edited, published, text } = this.cell;
    this.button.hidden = !edited;
    if (!edited && !this.shown.hidden) this.toggle(false);
    if (this.shown.hidden) return;
    this.shown.replaceChildren(...diffRows(published, text, WHOSE));
  }

  /** Ask which text to keep, since the published one changed after the edit began. */
  offerBoth() {
    const { cell } = this;
    cell.say("The published cell has changed since you edited it; your text is kept.", [
      { words: "Keep mine", action: () => this.keepText() },
      { words: "Take the new one", action: () => cell.reset() },
      { words: "See the difference", action: () => this.toggle(true) },
    ]);
  }

  /** Keep the reader's text, as an edit of the text that is published now. */
  keepText() {
    const { cell } = this;
    cell.base = hash(cell.published);
    cell.store.save(cell.id, cell.text, cell.base);
    cell.say("");
  }

  /**
   * Show the text that another tab has stored for this cell, unless the cell has no
   * editor yet or has unsaved text.
   *
   * @param {?Edit} edit null if the other tab went back to the published text
   */
  follow(edit) {
    const { cell } = this;
    if (!cell.editor || cell.unsaved) return; // the next save puts the other text aside
    const text = edit?.text ?? cell.published;
    if (text === cell.text) return;
    const before = { text: cell.text, base: cell.base };
    cell.showText(text);
    cell.base = edit?.base ?? hash(cell.published);
    cell.store.adopt(cell.id);
    const words = "Changed in another tab, and here with it.";
    this.offerText(words, "Back to what stood here", before);
  }

  /**
   * Say that the published text is back, and offer to undo that.
   *
   * @param {Edit} before the edit that the published text has replaced
   */
  offerUndo(before) {
    this.offerText("The published text is back.", "Undo", before);
  }

  /** Offer the other tab's text that EditStore.save has put aside, if there is one. */
  offerAside() {
    const { cell } = this;
    const aside = cell.store.aside(cell.id);
    if (!aside) return;
    const drop = () => cell.store.dropAside(cell.id);
    if (aside.text === cell.text) {
      drop();
      return;
    }
    const words = "This cell was changed in another tab too; that text is kept.";
    const mine = { text: cell.text, base: cell.base };
    const take = () => {
      drop();
      this.put(aside);
      this.offerText("That text stands here now.", "Back to mine", mine);
    };
    const keepMine = () => {
      drop();
      cell.say("");
    };
    cell.say(words, [
      { words: "Take that one", action: take },
      { words: "Keep this one", action: keepMine },
    ]);
  }

  offerText(words, offer, edit) {
    const action = () => {
      this.put(edit);
      this.cell.say("");
    };
    this.cell.say(words, [{ words: offer, action }]);
  }

  /** @param {Edit} edit the edit to put into the cell, and save, in place of its text */
  put({ text, base }) {
    const { cell } = this;
    cell.editor.set(text);
    cell.base = base;
    cell.save();
    cell.editor.focus();
  }
}
