// The compiled core of Pyodide: made once a page, by the page, and lent to every
// worker. A worker started after a stop compiles nothing anew.

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

async function compile(base, count) {
  const response = await request(base, WASM);
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

function refused(error) {
  return new Unfit(missing(WASM, `the browser refused it (${error.message})`).message);
}

/**
 * Lets Pyodide, in this worker, instantiate a module that came from elsewhere.
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
