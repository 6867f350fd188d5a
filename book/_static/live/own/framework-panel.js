/** The panel that says whose code runs on a page, with switches to change that. */

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
  /** Whether the switches wait, as they do while Python starts or runs. */
  locked = false;

  /** The warnings shown now: a live region must not be written anew with the same. */
  told = "";

  /**
   * @param {Framework} framework
   * @param {HTMLElement} after the panel goes below this element
   * @param {{choose: (use: "yours" | "reference", module: ?string) => void,
   *   again: () => void}} actions `choose` when the reader presses a switch; `again`
   *   starts Python anew
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
    this.one = make("span"); // the switch for all, at hand without unfolding
    const line = make("div", { class: "tt-framework-line" }, this.folded, this.one);
    this.element = make("div", { ...hooks, ...label }, line, this.notes);
    after.after(this.element);
    this.show();
  }

  /** Show what is, or would be, in use. */
  show() {
    const { framework } = this;
    const { rows, own, kept } = framework;
    // The switches are made anew; the keyboard's place stays on the same one.
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

  /** @param {Row} row */
  row(row) {
    const chapter = `Chapter ${row.number}, ${row.title}`;
    const name = row.page ? make("a", { href: row.page }, chapter) : chapter;
    const code = make("code", {}, `tinytorch.${row.module}`);
    const parts = [name, " (", code, "): ", account(row)];
    // The reader's module was kept after Python had started with the reference.
    const waits = row.use === "reference" && !row.problem;
    const unusable = row.problem && row.use === "reference" && !row.declined;
    if (row.own && !unusable) parts.push(" ", this.switch(row.declined || waits, row));
    const hooks = { "data-framework": row.use, "data-module": row.module };
    return make("li", hooks, ...parts);
  }

  /**
   * A button that changes whose code is used.
   *
   * @param {boolean} toMine
   * @param {?Row} row null: all modules
   * @param {boolean} several whether the button's words say which
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
   * The switch for all modules, where the reader has one at all.
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
   * The sentence below the list: what of this page's own chapter is kept.
   *
   * @param {?ModuleData} own
   * @param {?OwnModule} kept
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

  /** A button to start again, where the running Python has other modules than kept. */
  renewal() {
    if (!this.framework.outdated) return [];
    const { locked: disabled, actions } = this;
    const onclick = () => actions.again();
    const hooks = { "data-switch": "again", disabled, onclick };
    return [" ", button("Start again with it", hooks)];
  }

  /**
   * Say outside of the folded list which modules cannot be used, and offer the way back.
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
