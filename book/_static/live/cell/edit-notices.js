/** What a cell offers about its edit: a line diff, and which text to go on with. */

import { diffRows } from "../code/diff-rows.js";
import { make } from "../base/dom.js";
import { hash } from "../base/edit-store.js";

/** @import { Edit } from "../base/types.js" */
/** @import { Cell } from "./cell.js" */

const WHOSE = { "-": "published: ", "+": "yours: " };

export class Edits {
  /** @param {Cell} cell its bar gets the button "Difference" */
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
   * Show the difference, or put it away.
   *
   * @param {boolean} open by default the other of what it is now
   */
  toggle(open = Boolean(this.shown.hidden)) {
    this.shown.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    this.update();
  }

  /** Show the button and the difference as the cell's text is now. */
  update() {
    const { edited, published, text } = this.cell;
    this.button.hidden = !edited;
    if (!edited && !this.shown.hidden) this.toggle(false);
    if (this.shown.hidden) return;
    this.shown.replaceChildren(...diffRows(published, text, WHOSE));
  }

  /** Ask which text to go on with: the published cell changed since the edit began. */
  offerBoth() {
    const { cell } = this;
    cell.say("The published cell has changed since you edited it; your text is kept.", [
      { words: "Keep mine", action: () => this.keepText() },
      { words: "Take the new one", action: () => cell.reset() },
      { words: "See the difference", action: () => this.toggle(true) },
    ]);
  }

  /** Go on with the reader's text, as an edit of the cell as published now. */
  keepText() {
    const { cell } = this;
    cell.base = hash(cell.published);
    cell.store.save(cell.id, cell.text, cell.base);
    cell.say("");
  }

  /**
   * Show what another tab has stored of this cell, unless this tab has unsaved text.
   *
   * @param {?Edit} edit null: the other tab went back to the published text
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
   * Say that the published text is back, and offer the edit that it replaced.
   *
   * @param {Edit} before
   */
  offerUndo(before) {
    this.offerText("The published text is back.", "Undo", before);
  }

  /** Offer the text that was put aside when two tabs wrote at once, if there is one. */
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

  /** @param {Edit} edit to take the place of the cell's text */
  put({ text, base }) {
    const { cell } = this;
    cell.editor.set(text);
    cell.base = base;
    cell.save();
    cell.editor.focus();
  }
}
