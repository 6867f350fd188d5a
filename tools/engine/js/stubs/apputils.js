// What JupyterLab's output area asks of its application, and we have not got.

import DOMPurify from 'dompurify';

/** Keeps of HTML only what cannot do harm. */
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

/** Keeps track of outputs for JupyterLab's commands; there are none here. */
export class WidgetTracker {
  has() {
    return true;
  }
  async add() {}
  dispose() {}
}
