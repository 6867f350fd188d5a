/** The error for files that cannot be imported. */

/** A file cannot be imported; the message is a sentence for the reader who chose it. */
export class Refusal extends Error {}

/**
 * Return the value of a JSON text.
 *
 * @param {string} text
 * @returns {any}
 * @throws {Refusal} if the text is not JSON
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
