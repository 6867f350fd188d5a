/** Reads the JSON that the build wrote into a page: the cells, the site's settings. */

/** @import { ChapterData, PageData, SiteConfig } from "./types.js" */

/**
 * Return the data of the page, with defaults for the properties that the build left
 * out.
 *
 * @param {Document} root
 * @returns {?PageData} null on a page without cells
 */
export function readPage(root = document) {
  /** @type {?ChapterData} */
  const chapter = readJson(root, "chapter-data");
  /** @type {?SiteConfig} */
  const config = readJson(root, "live-config");
  if (!chapter || !config || !chapter.cells.length) return null;
  return {
    chapter: chapter.chapter,
    title: chapter.title,
    solutions: chapter.solutions !== false,
    cells: chapter.cells,
    framework: chapter.framework ?? { own: null, before: [] },
    engineUrl: new URL(config.engine, root.baseURI).href,
    repository: config.repository ?? null,
    ref: config.ref ?? "main",
    browser: config.browser ?? { ok: true, numpy: true, runtime: true, why: "" },
    loopback: isLoopback(new URL(root.baseURI).hostname),
  };
}

/** Return the absolute address of the site's root; it ends in a slash. */
export function siteUrl(page) {
  return new URL("../../", page.engineUrl).href;
}

/** Return whether a host name means the reader's own computer. */
function isLoopback(hostname) {
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

function readJson(root, id) {
  const element = root.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}
