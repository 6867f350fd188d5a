// Reads a stream piece by piece. The browsers that this engine is for are the ones
// that bundle.mjs names; Safari among them cannot iterate a stream.

/**
 * Reads a stream to its end.
 *
 * @param {ReadableStream<Uint8Array>} stream
 * @param {(piece: Uint8Array) => void} take is given each piece; what it throws passes
 * @param {(error: Error) => never} brokeOff is given the error of a stream that ends
 *   before its time, and throws the one to tell
 */
export async function eachPiece(stream, take, brokeOff) {
  const reader = stream.getReader();
  const next = () => reader.read().catch(brokeOff);
  for (let { done, value } = await next(); !done; { done, value } = await next()) {
    take(value);
  }
}
