/**
 * Entry point of pages with {predict} questions, to be answered before a cell is run.
 *
 * The build writes each question as a list of choices, with the reasons for each folded
 * below. This module turns the list into radio buttons; choosing one shows its reason.
 * No answer is stored or counted.
 */

import { make } from "./base/dom.js";

const ASK = "Choose one, then run the cell.";
// The arrow keys choose every radio button that they pass on the way to another one. So
// the reason is shown only when no other is chosen for this long.
const PASSING_MS = 700;
const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];

/**
 * Turn a question of the page into a group of radio buttons.
 *
 * @param {Element} element the question's element, which has `data-predict`
 * @param {number} number the question's number on the page, from 1
 */
function enliven(element, number) {
  /** @type {NodeListOf<HTMLElement>} */
  const reasons = element.querySelectorAll("[data-answer]");
  const told = make("p", { "data-part": "told", role: "status" }, ASK);
  let passing = 0; // id of the timer that shows the reason after an arrow key
  let arrow = false; // whether the last key was an arrow
  const tell = (index) => {
    clearTimeout(passing);
    tellReason(element, told, reasons[index]);
  };
  const choose = (index) => {
    clearTimeout(passing);
    element.removeAttribute("data-chosen");
    delete told.dataset.answer;
    told.replaceChildren(ASK);
    if (arrow) passing = setTimeout(() => tell(index), PASSING_MS);
    else tell(index);
  };
  const group = radioGroup(element, `predict-${number}`, choose);
  group.addEventListener("keydown", ({ key, target }) => {
    arrow = ARROWS.includes(key);
    const entered = key === "Enter" && target instanceof HTMLInputElement;
    if (entered && target.checked) tell(Number(target.value));
  });
  group.addEventListener("pointerdown", () => {
    arrow = false;
  });
  element.replaceChildren(group, told);
}

/**
 * Show the reason why a choice is right or wrong.
 *
 * The element of the question gets `data-chosen`, the line `told` the reason's text.
 */
function tellReason(element, told, reason) {
  const { answer } = reason.dataset;
  const why = reason.querySelector("[data-part=why]");
  element.dataset.chosen = answer;
  told.dataset.answer = answer;
  told.replaceChildren(...why.cloneNode(true).childNodes);
}

/**
 * Return the radio buttons of a question, made from its list of choices.
 *
 * @param {Element} element the question's element
 * @param {string} name the name of the group of radio buttons
 * @param {(index: number) => void} choose called with the index of the choice, from 0,
 *   when the reader chooses one
 */
function radioGroup(element, name, choose) {
  const asked = element.querySelector("[data-part=asked]");
  const choices = [...element.querySelectorAll("[data-part=choices] > li")];
  const rows = choices.map((choice, index) => {
    const onchange = () => choose(index);
    const radio = make("input", { type: "radio", name, value: index, onchange });
    return make("label", {}, radio, ...choice.childNodes);
  });
  const legend = make("legend", {}, ...asked.childNodes);
  return make("fieldset", {}, legend, ...rows);
}

document.querySelectorAll("[data-predict]").forEach((element, index) => {
  enliven(element, index + 1);
});
