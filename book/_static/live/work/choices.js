/**
 * The list of questions in the panel "Your work": for each cell whose edit differs from
 * an imported file's, which of the two texts to keep.
 */

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
 * @typedef {object} Question a question about one cell: a line of the list
 * @property {DifferingEdit} about
 * @property {HTMLElement} [element] the line
 * @property {() => void} keep answers: keep the reader's text
 * @property {() => void} take answers: take the file's text
 */

const WHOSE = { "-": "yours: ", "+": "the file’s: " }; // see diffRows

export class Choices {
  /** The questions that have no answer yet. @type {Question[]} */
  questions = [];

  /**
   * @param {(words: string[]) => void} say shows sentences in the panel
   * @param {HTMLElement} after the element to focus when no line is left in the list
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
   * Add a line with a button that removes the edits imported from a file.
   *
   * @param {string} name of the file
   * @param {FiledEdit[]} edits the edits that were imported
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
   * Add a question about an edit of a file that differs from the reader's, in place of
   * an earlier question about the same cell.
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
   * Return a new question, whose line is not in the list yet.
   *
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
   * Answer a question with the file's text: put it into the cell, and offer to undo
   * that.
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
   * Remove a question and its line.
   *
   * @param {Question} question
   * @param {string} [words] a sentence to show in the panel; without one, the focus is
   *   not moved either, since another question takes the place of this one
   */
  answer(question, words) {
    this.drop(question);
    if (words) this.settle(question.element, words);
    else question.element.remove();
  }

  /** @param {Question} question the question to remove from those without an answer */
  drop(question) {
    this.questions = this.questions.filter((other) => other !== question);
  }

  /**
   * Remove a line of the list, move the focus, and show a sentence in the panel.
   *
   * @param {HTMLElement} element the line
   * @param {string} words the sentence
   */
  settle(element, words) {
    const next = /** @type {?HTMLElement} */ (
      element.nextElementSibling ?? element.previousElementSibling
    );
    element.remove();
    this.update();
    // The button that was pressed had the focus and is gone: focus the next line's
    // button.
    const place = next?.hidden ? null : next?.querySelector("button");
    (place ?? this.after).focus();
    this.say([words]);
  }

  /**
   * Show the line that answers all questions if there are two or more, and the list if
   * it has a line.
   */
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
   * Answer all questions in the same way.
   *
   * @param {"keep" | "take"} action
   * @param {string} words the sentence to show in the panel, without "in 3 cells."
   */
  answerAll(action, words) {
    const { length } = this.questions;
    for (const question of [...this.questions]) question[action]();
    this.say([`${words} in ${count(length, "cell")}.`]);
  }
}

/**
 * Return a button for the line of a cell.
 *
 * @param {string} action the button's `data-action`, for tests and styles
 * @param {string} words the text on the button
 * @param {string} id of the cell
 * @param {() => void} onclick
 */
function choice(action, words, id, onclick) {
  const label = `${words}, ${id}`;
  return button(words, { "data-action": action, "aria-label": label, onclick });
}

/**
 * Return a button and the element that the button shows and hides: the line diff
 * between the reader's text and the file's.
 *
 * @param {DifferingEdit} edit
 */
function difference(edit) {
  // A div, not a pre: the theme takes a pre that does not seem to overflow out of the
  // tab order.
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
