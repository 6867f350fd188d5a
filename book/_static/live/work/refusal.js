/** A file that cannot be taken; the message is a sentence for whoever chose it. */
export class Refusal extends Error {}

/** Parse JSON; raises Refusal where a text is none. */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(
      "It is not JSON as it should be: it may be cut off, or another kind of file.",
    );
  }
}
