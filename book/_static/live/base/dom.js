/** Makes elements of the page. */

/**
 * Make an element.
 *
 * @param {string} tag
 * @param {object} attributes by name; `on…` is a listener, `false` leaves one out,
 *   `true` sets it with no value.
 * @param {...(Node|string)} children
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

/** Make a button that carries words. */
export function button(words, attributes = {}) {
  return make("button", { type: "button", class: "tt-button", ...attributes }, words);
}

/** Load a style sheet, once; resolves when it applies, or cannot be had. */
export function loadSheet(url) {
  const known = document.querySelector(`link[href="${url}"]`);
  if (known) return Promise.resolve();
  return new Promise((resolve) => {
    const link = make("link", { rel: "stylesheet", href: url, onload: resolve });
    link.addEventListener("error", resolve); // plain cells are better than none
    document.head.append(link);
  });
}

/** Give way to the browser, so that typing and scrolling go on during long work. */
export function pause() {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
