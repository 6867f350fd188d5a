/** Asks, for each cell that differs from a file, which text to go on with. */

import { dropEdit, putEdit } from "./bring.js";
import { diffRows } from "../code/diff-rows.js";
import { button, make } from "../base/dom.js";
import { here } from "../base/here.js";
import { count } from "../base/words.js";

const WHOSE = { "-": "yours: ", "+": "the file’s: " };

export class Choices {
  /**
   * @param {(words: string[]) => void} say
   * @param {HTMLElement} after what the keyboard goes to when nothing is left to ask
   */
  constructor(say, after) {
    Object.assign(this, { say, after });
    this.rows = []; // what is asked and not answered yet
    this.all = make("li", { hidden: true });
    this.element = make(
      "ul",
      { class: "tt-work-choices", hidden: true, "aria-label": "Choices" },
      this.all,
    );
  }

  /** Offer to take out again what a file has brought in. */
  offerUndo(name, edits) {
    const words = count(edits.length, "edit");
    const undo = button("Undo", {
      "data-action": "undo",
      "aria-label": `Undo: take the ${words} of ${name} out again`,
      onclick: () => {
        edits.forEach((edit) => dropEdit(edit, (problem) => this.say([problem])));
        this.settle(row, `Taken out again: ${words} of ${name}.`);
      },
    });
    const row = make("li", {}, `${name}, ${words}: `, undo);
    this.element.append(row);
    this.update();
  }

  /** Ask about an edit of a file that differs from the reader's; see compareEdits. */
  ask(name, edit) {
    const same = ({ about }) => about.id === edit.id && about.chapter === edit.chapter;
    for (const row of this.rows.filter(same)) this.answer(row); // of an earlier file
    const row = this.rowOf(name, edit);
    this.rows.push(row);
    this.element.append(row.element);
    this.update();
  }

  rowOf(name, edit) {
    const { id } = edit;
    const choice = (action, words, onclick) =>
      button(words, {
        "data-action": action,
        "aria-label": `${words}, ${id}`,
        onclick,
      });
    // Not a pre: the theme takes those out of the tab order where they seem to fit.
    const shown = make("div", {
      class: "tt-diff",
      tabindex: "0",
      role: "group",
      "aria-label": `Yours and the file’s, ${id}`,
      hidden: true,
    });
    const see = choice("see", "See the difference", () => {
      shown.hidden = !shown.hidden;
      see.setAttribute("aria-expanded", String(!shown.hidden));
      shown.replaceChildren(...diffRows(edit.mine, edit.text, WHOSE));
    });
    see.setAttribute("aria-expanded", "false");
    const row = {
      about: edit,
      keep: () => this.answer(row, `${id}: yours stays.`),
      take: () => this.take(row, choice),
    };
    row.element = make(
      "li",
      {},
      make("code", {}, id),
      ` differs from ${name}. `,
      choice("keep", "Keep mine", () => row.keep()),
      " ",
      choice("take", "Take the file’s", () => row.take()),
      " ",
      see,
      shown,
    );
    return row;
  }

  /** Put the file's text in place, and offer the reader's back. */
  take(row, choice) {
    const { about, element } = row;
    const onProblem = (words) => this.say([words]);
    putEdit(about, onProblem);
    const mine = { ...about, text: about.mine, base: about.mineBase };
    const undo = choice("undo", "Undo", () => {
      putEdit(mine, onProblem);
      this.settle(element, `${about.id}: your text is back.`);
    });
    element.replaceChildren(`${about.id}: the file’s text is in place. `, undo);
    undo.focus();
    this.rows = this.rows.filter((other) => other !== row);
    this.update();
  }

  /** A question is answered, or asked anew. */
  answer(row, words) {
    this.rows = this.rows.filter((other) => other !== row);
    if (words) this.settle(row.element, words);
    else row.element.remove();
  }

  /** A row has done its work: it goes, and what came of it is said. */
  settle(element, words) {
    const next = element.nextElementSibling ?? element.previousElementSibling;
    element.remove();
    this.update();
    // The keyboard's place is not lost with the button that was pressed.
    const place = next?.hidden ? null : next?.querySelector("button");
    (place ?? this.after).focus();
    this.say([words]);
  }

  update() {
    const { length } = this.rows;
    this.all.hidden = length < 2;
    this.all.replaceChildren(
      `${count(length, "cell")} differ. `,
      button("Keep all of mine", {
        "data-action": "keep-all",
        onclick: () => this.answerAll("keep", "Yours stays"),
      }),
      " ",
      button("Take all of the file’s", {
        "data-action": "take-all",
        onclick: () => this.answerAll("take", "The file’s text is in place"),
      }),
    );
    this.element.hidden = this.element.children.length === 1 && this.all.hidden;
    here.refresh();
  }

  answerAll(action, words) {
    const { length } = this.rows;
    for (const row of [...this.rows]) row[action]();
    this.say([`${words} in ${count(length, "cell")}.`]);
  }
}
