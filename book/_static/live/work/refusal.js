/** The error of files that cannot be brought in. */

/** A file cannot be taken; the message is a sentence for the reader who chose it. */
export class Refusal extends Error {}

/**
 * Parse JSON.
 *
 * @param {string} text
 * @returns {any}
 * @throws {Refusal} where the text is not JSON
 */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(
      "It is not JSON as it should be: it may be cut off, or another kind of file.",
    );
  }
}
