// Replaces the parts of JupyterLab's application that its output area asks for.

import DOMPurify from 'dompurify';

/** Removes from HTML what could run. */
export class Sanitizer {
  /**
   * @param {string} dirty
   * @param {{allowedTags?: string[]}} [options]
   */
  sanitize(dirty, options) {
    const tags = options?.allowedTags;
    return DOMPurify.sanitize(dirty, tags ? { ALLOWED_TAGS: tags } : {});
  }
}

/** A stand-in: there are no commands here for which outputs would be tracked. */
export class WidgetTracker {
  has() {
    return true;
  }
  async add() {}
  dispose() {}
}
