/** Asks, for each cell whose text differs from a file's, which of them to keep. */

import { dropEdit, putEdit } from "./bring.js";
import { diffRows } from "../code/diff-rows.js";
import { button, make } from "../base/dom.js";
import { here } from "../base/here.js";
import { count } from "../base/words.js";

/**
 * @import { DifferingEdit } from "./bring.js"
 * @import { FiledEdit } from "./workfile.js"
 */

/**
 * @typedef {object} Question about one cell, as a line of the list
 * @property {DifferingEdit} about
 * @property {HTMLElement} [element]
 * @property {() => void} keep answers with the reader's text
 * @property {() => void} take answers with the file's text
 */

const WHOSE = { "-": "yours: ", "+": "the file’s: " };

export class Choices {
  /** Without an answer yet. @type {Question[]} */
  questions = [];

  /**
   * @param {(words: string[]) => void} say shows sentences in the panel
   * @param {HTMLElement} after takes the focus when no question is left
   */
  constructor(say, after) {
    this.say = say;
    this.after = after;
    this.all = make("li", { hidden: true });
    this.element = make(
      "ul",
      { class: "tt-work-choices", hidden: true, "aria-label": "Choices" },
      this.all,
    );
  }

  /**
   * Offer to remove again what a file has brought in.
   *
   * @param {string} name of the file
   * @param {FiledEdit[]} edits
   */
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

  /**
   * Ask about an edit of a file that differs from the reader's. A question about the
   * same cell and an earlier file goes.
   *
   * @param {string} name of the file
   * @param {DifferingEdit} edit
   */
  ask(name, edit) {
    const same = ({ about }) => about.id === edit.id && about.chapter === edit.chapter;
    for (const question of this.questions.filter(same)) this.answer(question);
    const question = this.questionOf(name, edit);
    this.questions.push(question);
    this.element.append(question.element);
    this.update();
  }

  /**
   * @param {string} name of the file
   * @param {DifferingEdit} edit
   * @returns {Question}
   */
  questionOf(name, edit) {
    const { id } = edit;
    /** @type {Question} */
    const question = {
      about: edit,
      keep: () => this.answer(question, `${id}: yours stays.`),
      take: () => this.take(question),
    };
    const keep = choice("keep", "Keep mine", id, () => question.keep());
    const take = choice("take", "Take the file’s", id, () => question.take());
    const [see, shown] = difference(edit);
    question.element = make(
      "li",
      {},
      make("code", {}, id),
      ` differs from ${name}. `,
      keep,
      " ",
      take,
      " ",
      see,
      shown,
    );
    return question;
  }

  /**
   * Put the file's text in place, and offer the reader's back.
   *
   * @param {Question} question
   */
  take(question) {
    const { about, element } = question;
    const onProblem = (words) => this.say([words]);
    putEdit(about, onProblem);
    const mine = { ...about, text: about.mine, base: about.mineBase };
    const undo = choice("undo", "Undo", about.id, () => {
      putEdit(mine, onProblem);
      this.settle(element, `${about.id}: your text is back.`);
    });
    element.replaceChildren(`${about.id}: the file’s text is in place. `, undo);
    undo.focus();
    this.drop(question);
    this.update();
  }

  /**
   * Take a question out of the list.
   *
   * @param {Question} question
   * @param {string} [words] the answer in words; none where it is asked anew
   */
  answer(question, words) {
    this.drop(question);
    if (words) this.settle(question.element, words);
    else question.element.remove();
  }

  /** @param {Question} question is not to be answered any more */
  drop(question) {
    this.questions = this.questions.filter((other) => other !== question);
  }

  /**
   * Remove the row of a question that has been answered, and say what came of it.
   *
   * @param {HTMLElement} element
   * @param {string} words
   */
  settle(element, words) {
    const next = /** @type {?HTMLElement} */ (
      element.nextElementSibling ?? element.previousElementSibling
    );
    element.remove();
    this.update();
    // The focus was on the button that was pressed: it goes to the next line's.
    const place = next?.hidden ? null : next?.querySelector("button");
    (place ?? this.after).focus();
    this.say([words]);
  }

  /** Follow the number of questions: the line for all of them, and the list itself. */
  update() {
    const { length } = this.questions;
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

  /**
   * @param {"keep" | "take"} action
   * @param {string} words the answer, before "in 3 cells."
   */
  answerAll(action, words) {
    const { length } = this.questions;
    for (const question of [...this.questions]) question[action]();
    this.say([`${words} in ${count(length, "cell")}.`]);
  }
}

/**
 * Make a button of a cell's line.
 *
 * @param {string} action its name for tests and styles
 * @param {string} words
 * @param {string} id of the cell
 * @param {() => void} onclick
 */
function choice(action, words, id, onclick) {
  const label = `${words}, ${id}`;
  return button(words, { "data-action": action, "aria-label": label, onclick });
}

/**
 * Make the button that unfolds the difference of two texts, and what it unfolds.
 *
 * @param {DifferingEdit} edit
 */
function difference(edit) {
  // Not a pre: the theme takes those out of the tab order where they seem to fit.
  const shown = make("div", {
    class: "tt-diff",
    tabindex: "0",
    role: "group",
    "aria-label": `Yours and the file’s, ${edit.id}`,
    hidden: true,
  });
  const see = choice("see", "See the difference", edit.id, () => {
    shown.hidden = !shown.hidden;
    see.setAttribute("aria-expanded", String(!shown.hidden));
    shown.replaceChildren(...diffRows(edit.mine, edit.text, WHOSE));
  });
  see.setAttribute("aria-expanded", "false");
  return [see, shown];
}
