// Turns Markdown into HTML that is safe to put into the page.

import DOMPurify from 'dompurify';
import { marked } from 'marked';

/**
 * Returns the HTML of a Markdown text, without scripts.
 *
 * @param {string} source
 * @returns {string}
 */
export function toHTML(source) {
  const html = marked.parse(source, { gfm: true, async: false });
  return DOMPurify.sanitize(html);
}
