/**
 * The panel that says for each earlier chapter whether the reader's own module or the
 * reference runs on the page, with buttons that switch between the two.
 */

import { button, make } from "../base/dom.js";
import { account, summary, titleOf } from "./framework.js";
import { count, sentence } from "../base/words.js";

/**
 * @import { ModuleData } from "../base/types.js"
 * @import { Framework, Row } from "./framework.js"
 * @import { OwnModule } from "./own-store.js"
 */

const INSTEAD = " The reference is used; yours is kept.";

export class FrameworkPanel {
  /** Whether the switches are disabled, as they are while Python starts or runs. */
  locked = false;

  /**
   * The warnings that are shown. The same warnings must not be written again, or screen
   * readers would read them out again.
   */
  told = "";

  /**
   * @param {Framework} framework
   * @param {HTMLElement} after the panel goes below this element
   * @param {{choose: (use: "yours" | "reference", module: ?string) => void,
   *   again: () => void}} actions `choose`: called when the reader presses a switch, with
   *   null as `module` for all modules; `again`: restarts Python
   */
  constructor(framework, after, actions) {
    this.framework = framework;
    this.actions = actions;
    this.line = make("summary");
    this.list = make("ul");
    this.more = make("p");
    this.folded = make("details", {}, this.line, this.list, this.more);
    this.notes = make("div", { class: "tt-framework-notes", role: "status" });
    const hooks = { id: "live-framework", class: "tt-framework", role: "group" };
    const label = { "aria-label": "Whose code runs" };
    this.one = make("span"); // for the switch for all modules, outside of the fold
    const line = make("div", { class: "tt-framework-line" }, this.folded, this.one);
    this.element = make("div", { ...hooks, ...label }, line, this.notes);
    after.after(this.element);
    this.show();
  }

  /**
   * Update the panel: show which modules the page's Python uses or, not started, would.
   */
  show() {
    const { framework } = this;
    const { rows, own, kept } = framework;
    // The switches are replaced by new ones: move the focus to the new one for the
    // same.
    const active = /** @type {?HTMLElement} */ (document.activeElement);
    const focused = this.element.contains(active) ? active.dataset.switch : undefined;
    this.line.textContent = rows.length ? summary(rows) : "Kept as your own framework";
    this.list.replaceChildren(...rows.map((row) => this.row(row)));
    this.more.replaceChildren(this.closing(own, kept, rows), ...this.renewal());
    this.one.replaceChildren(...this.throughout(rows));
    this.element.hidden = !rows.length && !kept;
    this.warn(rows);
    if (focused !== undefined) {
      const selector = `[data-switch="${focused}"]`;
      /** @type {?HTMLElement} */ (this.element.querySelector(selector))?.focus();
    }
  }

  /**
   * Return the list item for a module.
   *
   * @param {Row} row
   */
  row(row) {
    const chapter = `Chapter ${row.number}, ${row.title}`;
    const name = row.page ? make("a", { href: row.page }, chapter) : chapter;
    const code = make("code", {}, `tinytorch.${row.module}`);
    const parts = [name, " (", code, "): ", account(row)];
    // Python started with the reference before the reader's module was stored.
    const waits = row.use === "reference" && !row.problem;
    const unusable = row.problem && row.use === "reference" && !row.declined;
    if (row.own && !unusable) parts.push(" ", this.switch(row.declined || waits, row));
    const hooks = { "data-framework": row.use, "data-module": row.module };
    return make("li", hooks, ...parts);
  }

  /**
   * Return a button that switches between the reader's module and the reference.
   *
   * @param {boolean} toMine whether the button switches to the reader's module
   * @param {?Row} row the module's row; null for all modules
   * @param {boolean} several whether the text on the button names the module, or says
   *   that it is for all
   */
  switch(toMine, row = null, several = false) {
    const use = toMine ? "yours" : "reference";
    const words = toMine ? "Use mine" : "Use the reference";
    const which = row ? ` for ${titleOf(row)}` : " throughout";
    return button(several ? words + which : words, {
      "data-switch": row?.module ?? "all",
      "aria-label": words + which,
      disabled: this.locked,
      onclick: () => this.actions.choose(use, row?.module ?? null),
    });
  }

  /**
   * Return the switch for all modules, in an array that is empty if the reader has
   * none.
   *
   * @param {Row[]} rows
   */
  throughout(rows) {
    const own = rows.filter((row) => row.own);
    if (!own.length) return [];
    const toMine = own.every(({ declined }) => declined);
    return [this.switch(toMine, null, own.length > 1)];
  }

  /**
   * Return the sentence below the list: whether Python is out of date, or how much of
   * the page's own chapter is stored as the reader's module. Empty if there is nothing
   * to say.
   *
   * @param {?ModuleData} own the module of the page's chapter
   * @param {?OwnModule} kept the reader's stored module of the page's chapter
   * @param {Row[]} rows
   */
  closing(own, kept, rows) {
    if (this.framework.outdated) {
      return "What is kept has changed since Python started.";
    }
    if (kept) {
      const solved = own.exercises.filter((id) => id in kept.cells).length;
      const part = `${solved} of ${count(own.exercises.length, "exercise")}`;
      const older = kept.hash !== own.hash;
      const made = older ? ", from an earlier version of the chapter" : "";
      const kind = `kept as your own${made}`;
      return `Of this chapter, ${part} are ${kind}; later chapters use them.`;
    }
    if (rows.some((row) => row.own)) return "";
    return "Pass an exercise's check, and later chapters run on your code in its place.";
  }

  /**
   * Return the button that restarts Python, in an array that is empty unless the
   * running Python has other modules than a new start would use.
   */
  renewal() {
    if (!this.framework.outdated) return [];
    const { locked: disabled, actions } = this;
    const onclick = () => actions.again();
    const hooks = { "data-switch": "again", disabled, onclick };
    return [" ", button("Start again with it", hooks)];
  }

  /**
   * Show a warning, outside of the folded list, for each of the reader's modules that
   * has a problem or is damaged, with a button that switches to the reference.
   *
   * @param {Row[]} rows
   */
  warn(rows) {
    const wrong = rows.filter(({ problem, damaged }) => problem || damaged);
    const words = wrong.map((row) =>
      row.problem
        ? `Your ${titleOf(row)}, ${sentence(row.problem)}`
        : `What was kept of your ${titleOf(row)} cannot be read; the reference is used.`,
    );
    if (this.told === words.join("\n") + this.locked) return;
    this.told = words.join("\n") + this.locked;
    this.notes.replaceChildren(
      ...wrong.map((row, index) => {
        const offers = row.use === "yours" ? [" ", this.switch(false, row)] : [];
        const open = make("a", { href: row.page }, `Open chapter ${row.number}`);
        const link = row.page ? [" ", open] : [];
        const instead = row.use === "yours" || row.damaged ? "" : INSTEAD;
        return make("p", {}, words[index], instead, ...offers, ...link);
      }),
    );
  }
}
