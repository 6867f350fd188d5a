// Markdown to HTML that may be put into the page.

import DOMPurify from 'dompurify';
import { marked } from 'marked';

/** Returns sanitized HTML of Markdown text. */
export function toHTML(source) {
  const html = marked.parse(source, { gfm: true, async: false });
  return DOMPurify.sanitize(html);
}
