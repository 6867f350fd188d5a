// Pyodide's WebAssembly, compiled once by the page and lent to every worker: one that is
// started after a stop has nothing to compile.

import { Unfit, WASM, missing, request } from './downloads.js';
import { eachPiece } from './pieces.js';

const compiled = new Map();

/**
 * Fetches and compiles Pyodide's WebAssembly, or returns what was compiled before.
 *
 * @param {string} base address of the engine's folder
 * @param {(bytes: number) => void} count called as bytes arrive
 * @returns {Promise<WebAssembly.Module>} rejects with a StartError
 */
export function compilePyodide(base, count) {
  if (!compiled.has(base)) {
    const module = compile(base, count);
    module.catch(() => compiled.delete(base));
    compiled.set(base, module);
  }
  return compiled.get(base);
}

/** Fetches and compiles, at once where the server names the file's type. */
async function compile(base, count) {
  const response = await request(base, WASM);
  // Compiling takes the stream, so the bytes are counted on a copy.
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
  // A server that does not know the type of the file: no streaming, then.
  const again = await request(base, WASM);
  return WebAssembly.compile(await again.arrayBuffer()).catch((error) => {
    throw refused(error);
  });
}

/** Returns the error for WebAssembly that this browser does not compile. */
function refused(error) {
  return new Unfit(missing(WASM, `the browser refused it (${error.message})`).message);
}

/**
 * Makes Pyodide, in this worker, use a module that the page has compiled.
 *
 * Pyodide fetches the file and hands the response to instantiateStreaming: both are
 * replaced, so that nothing is fetched and an empty response stands for the module.
 *
 * @param {string} base address of the engine's folder
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
