/** What the build wrote into this page: the chapter's cells and the site's settings. */

/**
 * Read the page's data.
 *
 * @returns {{chapter: string, title: string, solutions: boolean, cells: object[],
 *   framework: {own: ?object, before: object[]}, engineUrl: string,
 *   repository: ?string, ref: string, browser: object, loopback: boolean} | null}
 *   null on a page without cells.
 */
export function readPage(root = document) {
  const chapter = readJson(root, "chapter-data");
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

/** Say whether a host name means this very computer. */
export function isLoopback(hostname) {
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

/** Return the address of the site's root, which ends in a slash. */
export function siteUrl(page) {
  return new URL("../../", page.engineUrl).href;
}

function readJson(root, id) {
  const element = root.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}
