/** What a cell offers about its edit: the difference, and which text to go on with. */

import { diff } from "../code/diff.js";
import { make } from "../base/dom.js";

const NAMES = { "-": "published: ", "+": "yours: ", " ": "" };

export class Edits {
  /** @param {Cell} cell whose bar takes the button */
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

  /** Show the difference, or put it away. */
  toggle(open = this.shown.hidden) {
    this.shown.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    this.update();
  }

  /** The text has changed: what is shown of it follows. */
  update() {
    const { edited, published, text } = this.cell;
    this.button.hidden = !edited;
    if (!edited && !this.shown.hidden) this.toggle(false);
    if (this.shown.hidden) return;
    const lines = diff(published, text).map(({ sign, line }) =>
      make(
        "span",
        { class: "tt-line", "data-sign": sign },
        make("span", { class: "tt-unseen" }, NAMES[sign]),
        `${sign} ${line}\n`,
      ),
    );
    this.shown.replaceChildren(...lines);
  }

  /** The published cell is another than the one the edit began from: offer both. */
  offerBoth() {
    const { cell } = this;
    cell.say("The published cell has changed since you edited it; your text is kept.", [
      { words: "Keep mine", action: () => cell.keep() },
      { words: "Take the new one", action: () => cell.reset() },
      { words: "See the difference", action: () => this.toggle(true) },
    ]);
  }

  /** The published text is back: offer the one that was there. */
  offerUndo(text, base) {
    this.offerText("The published text is back.", "Undo", { text, base });
  }

  /** Another tab's text stands here now: offer the one that was there. */
  offerBack(before) {
    const words = "Changed in another tab, and here with it.";
    this.offerText(words, "Back to what stood here", before);
  }

  /** Two tabs wrote at once, and one text was put aside: offer that one. */
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
    const keep = () => {
      drop();
      cell.say("");
    };
    cell.say(words, [
      { words: "Take that one", action: take },
      { words: "Keep this one", action: keep },
    ]);
  }

  offerText(words, offer, record) {
    const action = () => {
      this.put(record);
      this.cell.say("");
    };
    this.cell.say(words, [{ words: offer, action }]);
  }

  put({ text, base }) {
    const { cell } = this;
    cell.editor.set(text);
    cell.base = base;
    cell.save();
    cell.editor.focus();
  }
}
