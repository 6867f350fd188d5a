/** What a cell offers about its edit: the difference, and which text to go on with. */

import { diff } from "./diff.js";
import { make } from "./dom.js";

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
    const { cell } = this;
    const undo = () => {
      cell.editor.set(text);
      cell.base = base;
      cell.save();
      cell.say("");
      cell.editor.focus();
    };
    cell.say("The published text is back.", [{ words: "Undo", action: undo }]);
  }
}
