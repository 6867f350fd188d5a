/** Makes elements of the page, and loads style sheets. */

/**
 * Make an element.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Object<string, any>} attributes by name; `on…` is a listener; false, null and
 *   undefined leave an attribute out, true sets it with no value
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/**
 * Make a button that carries words.
 *
 * @param {string} words
 * @param {Object<string, any>} attributes see make
 */
export function button(words, attributes = {}) {
  return make("button", { type: "button", class: "tt-button", ...attributes }, words);
}

/** Load a style sheet, once; resolves when it applies, and when it cannot be had. */
export function loadSheet(url) {
  const known = document.querySelector(`link[href="${url}"]`);
  if (known) return Promise.resolve();
  return new Promise((resolve) => {
    const link = make("link", { rel: "stylesheet", href: url, onload: resolve });
    link.addEventListener("error", resolve); // plain cells are better than none
    document.head.append(link);
  });
}

/** Yield to the browser, so that typing and scrolling go on during long work. */
export function pause() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
