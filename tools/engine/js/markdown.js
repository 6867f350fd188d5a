// Turns Markdown into HTML that is safe to put into the page.

import DOMPurify from 'dompurify';
import { marked } from 'marked';

/**
 * Returns a Markdown text as HTML from which DOMPurify has removed scripts.
 *
 * @param {string} source
 * @returns {string}
 */
export function toHTML(source) {
  const html = marked.parse(source, { gfm: true, async: false });
  return DOMPurify.sanitize(html);
}
