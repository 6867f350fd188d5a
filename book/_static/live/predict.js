/**
 * Entry point of pages with questions to answer before a cell is run.
 *
 * The page holds each question as a list of choices with the reasons folded beneath. Here
 * that becomes a group of radio buttons: a choice shows its reason. Nothing is stored and
 * nothing counted.
 */

import { make } from "./base/dom.js";

const ASK = "Choose one, then run the cell.";
// The arrow keys choose each radio button that they pass on the way to another: its
// reason is told only if they rest there.
const PASSING_MS = 700;
const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];

/**
 * Turn a question of the page into a group of radio buttons.
 *
 * @param {Element} element the [data-predict]
 * @param {number} number of the question on its page, from 1
 */
function enliven(element, number) {
  /** @type {NodeListOf<HTMLElement>} */
  const reasons = element.querySelectorAll("[data-answer]");
  const told = make("p", { "data-part": "told", role: "status" }, ASK);
  let passing = 0; // the timer of a choice that the arrow keys may be passing
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

/** Show the reason why a choice is right or wrong. */
function tellReason(element, told, reason) {
  const { answer } = reason.dataset;
  const why = reason.querySelector("[data-part=why]");
  element.dataset.chosen = answer;
  told.dataset.answer = answer;
  told.replaceChildren(...why.cloneNode(true).childNodes);
}

/**
 * Make the radio buttons of a question from its list of choices.
 *
 * @param {Element} element
 * @param {string} name of the group
 * @param {(index: number) => void} choose called when the reader chooses another
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
