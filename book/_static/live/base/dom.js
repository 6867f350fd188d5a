/** Makes elements for the page, loads style sheets, and pauses during long work. */

/**
 * Return a new element with these attributes and children; it is not in the page yet.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Object<string, any>} attributes by name; a value under `onclick`, or another
 *   name that begins with "on", is added as an event listener; false, null and
 *   undefined leave an attribute out, true sets it to the empty string
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
 * Return a new button.
 *
 * @param {string} words the text on the button
 * @param {Object<string, any>} attributes see make; they replace the default ones
 */
export function button(words, attributes = {}) {
  return make("button", { type: "button", class: "tt-button", ...attributes }, words);
}

/**
 * Load a style sheet, unless the page has a link to this address already. The promise
 * resolves when the sheet has loaded or failed to load, and at once for a known link.
 */
export function loadSheet(url) {
  const known = document.querySelector(`link[href="${url}"]`);
  if (known) return Promise.resolve();
  return new Promise((resolve) => {
    const link = make("link", { rel: "stylesheet", href: url, onload: resolve });
    link.addEventListener("error", resolve); // cells without style are better than none
    document.head.append(link);
  });
}

/**
 * Return a promise that resolves in a later task of the event loop. Long work awaits it
 * now and then, so that the browser can handle typing and scrolling in between.
 */
export function pause() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
