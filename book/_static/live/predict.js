/**
 * Questions to answer before a cell is run: choices that tell why.
 *
 * The page holds each question as a list with the reasons folded beneath. Here that
 * becomes a group of radio buttons; nothing is stored and nothing counted.
 */

import { make } from "./base/dom.js";

const ASK = "Choose one, then run the cell.";
// With the arrow keys one passes over choices on the way to another: those keep still.
const PASSING_MS = 700;
const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];

/**
 * Turn a question of the page into a group of radio buttons.
 *
 * @param {HTMLElement} element the [data-predict]
 * @param {number} number of the question on its page, from 1
 */
export function enliven(element, number) {
  const asked = element.querySelector("[data-part=asked]");
  const choices = [...element.querySelectorAll("[data-part=choices] > li")];
  const reasons = [...element.querySelectorAll("[data-answer]")];
  const told = make("p", { "data-part": "told", role: "status" }, ASK);
  let passing = null;
  let arrow = false;

  const tell = (index) => {
    clearTimeout(passing);
    const { answer } = reasons[index].dataset;
    const why = reasons[index].querySelector("[data-part=why]");
    element.dataset.chosen = answer;
    told.dataset.answer = answer;
    told.replaceChildren(...why.cloneNode(true).childNodes);
  };
  const choose = (index) => {
    clearTimeout(passing);
    delete element.dataset.chosen;
    delete told.dataset.answer;
    told.replaceChildren(ASK);
    if (arrow) passing = setTimeout(() => tell(index), PASSING_MS);
    else tell(index);
  };

  const rows = choices.map((choice, index) => {
    const radio = make("input", {
      type: "radio",
      name: `predict-${number}`,
      value: index,
      onchange: () => choose(index),
    });
    return make("label", {}, radio, ...choice.childNodes);
  });
  const legend = make("legend", {}, ...asked.childNodes);
  const group = make("fieldset", {}, legend, ...rows);
  group.addEventListener("keydown", ({ key, target }) => {
    arrow = ARROWS.includes(key);
    if (key === "Enter" && target.checked) tell(Number(target.value));
  });
  group.addEventListener("pointerdown", () => {
    arrow = false;
  });
  element.replaceChildren(group, told);
}

document.querySelectorAll("[data-predict]").forEach((element, index) => {
  enliven(element, index + 1);
});
