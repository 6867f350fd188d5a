// Compiles Pyodide's WebAssembly once on the page, and lets every worker use the result,
// so that a worker that starts after Stop need not compile again.

import { Unfit, WASM, missing, request } from './downloads.js';
import { eachPiece } from './pieces.js';

/** Promises of compiled modules by the address of the engine's folder. */
const compiled = new Map();

/**
 * Returns Pyodide's WebAssembly, downloaded and compiled on the first call.
 *
 * After a failure the next call tries again.
 *
 * @param {string} base absolute address of the engine's folder, with its last slash
 * @param {(bytes: number) => void} count called with the number of bytes of each piece
 *   that arrives
 * @returns {Promise<WebAssembly.Module>} rejects with a StartError; with an Unfit where
 *   the browser cannot compile the file
 */
export function compilePyodide(base, count) {
  if (!compiled.has(base)) {
    const module = compile(base, count);
    module.catch(() => compiled.delete(base));
    compiled.set(base, module);
  }
  return compiled.get(base);
}

/** Downloads and compiles, while bytes arrive if the server names the file's type. */
async function compile(base, count) {
  const response = await request(base, WASM);
  // compileStreaming consumes the response, so the bytes are counted on a clone.
  const copy = response.clone();
  const counting = eachPiece(copy.body, (piece) => count(piece.length), () => {
    throw new Error('the compilation tells of it');
  });
  counting.catch(() => {});
  try {
    return await WebAssembly.compileStreaming(response);
  } catch (error) {
    if (!(error instanceof TypeError)) throw refused(error);
  }
  // A TypeError: the server does not send the type application/wasm. Do not stream.
  const again = await request(base, WASM);
  return WebAssembly.compile(await again.arrayBuffer()).catch((error) => {
    throw refused(error);
  });
}

/** Returns the Unfit for WebAssembly that this browser cannot compile, for a reason. */
function refused(error) {
  return new Unfit(missing(WASM, `the browser refused it (${error.message})`).message);
}

/**
 * Makes Pyodide, in this worker, use a module that the page has compiled.
 *
 * Pyodide fetches the file and passes the response to WebAssembly.instantiateStreaming.
 * Both functions are replaced: fetch returns an empty response for this file, and
 * instantiateStreaming takes that response for the module.
 *
 * @param {string} base absolute address of the engine's folder, with its last slash
 * @param {Promise<WebAssembly.Module>} module
 */
export function lendToPyodide(base, module) {
  const native = WebAssembly.instantiateStreaming;
  const fetching = self.fetch;
  const lent = new Response();
  self.fetch = async (input, init) =>
    String(input?.url ?? input) === base + WASM ? lent : fetching(input, init);
  WebAssembly.instantiateStreaming = async (source, imports) => {
    if ((await source) !== lent) return native(source, imports);
    const ready = await module;
    return { module: ready, instance: await WebAssembly.instantiate(ready, imports) };
  };
}
