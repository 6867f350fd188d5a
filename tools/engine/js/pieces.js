// Reads a stream piece by piece, without `for await`: of the browsers that bundle.mjs
// names as the oldest supported, Safari cannot iterate a stream.

/**
 * Reads a stream to its end.
 *
 * @param {ReadableStream<Uint8Array>} stream
 * @param {(piece: Uint8Array) => void} take called with each piece
 * @param {(error: Error) => never} brokeOff called with the stream's error when the
 *   stream breaks off; throws the error with which to reject
 * @returns {Promise<void>} rejects with what take or brokeOff throws
 */
export async function eachPiece(stream, take, brokeOff) {
  const reader = stream.getReader();
  const next = () => reader.read().catch(brokeOff);
  for (let { done, value } = await next(); !done; { done, value } = await next()) {
    take(value);
  }
}
