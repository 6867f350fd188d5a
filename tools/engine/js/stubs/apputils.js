// Replaces @jupyterlab/apputils by the two of its classes that JupyterLab's outputs need.

import DOMPurify from 'dompurify';

/** Sanitizer of HTML: removes scripts and event handlers, by DOMPurify. */
export class Sanitizer {
  /**
   * Returns the HTML without code that could run.
   *
   * @param {string} dirty
   * @param {{allowedTags?: string[]}} [options] allowedTags: the only elements to keep
   * @returns {string}
   */
  sanitize(dirty, options) {
    const tags = options?.allowedTags;
    return DOMPurify.sanitize(dirty, tags ? { ALLOWED_TAGS: tags } : {});
  }
}

/** Stub of JupyterLab's tracker of widgets: the page has no commands that use it. */
export class WidgetTracker {
  has() {
    return true;
  }
  async add() {}
  dispose() {}
}
