// Starts Python in the browser, and offers it to thebe-core's
// connectToJupyterLiteServer as window.thebeLite.
//
// The worker starts first, and with it all downloads of Python; JupyterLab's session
// code (server.js) loads meanwhile.

import { Unfit, WASM } from './downloads.js';
import { compilePyodide } from './wasm.js';

/**
 * @typedef {object} KernelOptions
 * @property {string} base address of the engine's folder, absolute or relative to the
 *   page
 * @property {string[]} [packages] the packages to load; by default all that the engine
 *   holds
 * @property {(state: {stage: string, loaded: number, total: number}) => void}
 *   [onProgress] called during a start; stage is "download", "python", "numpy" or
 *   "kernel", loaded and total are bytes
 * @property {(message: string) => void} [onDeath] called when a running kernel dies
 */

/**
 * A worker that has been started, though Python may not run in it yet.
 *
 * @typedef {object} Start
 * @property {Worker} worker
 * @property {boolean} live whether the worker's progress is still reported
 * @property {Promise<never>} failed rejects when worker.js does not load or run
 */

/** Bytes of Pyodide's WebAssembly that the page has downloaded so far. */
let arrived = 0;

/**
 * Tells the newest worker that more bytes of the WebAssembly have arrived; null before
 * the first worker starts.
 *
 * @type {((bytes: number) => void) | null}
 */
let counting = null;

/**
 * Sets window.thebeLite and starts the first worker.
 *
 * @param {KernelOptions} options
 * @returns {{dispose: () => void}} dispose terminates the first worker, unless a session
 *   uses it already
 */
export function installBrowserKernel({ base, packages, onProgress, onDeath }) {
  const home = new URL(base.endsWith('/') ? base : `${base}/`, document.baseURI).href;
  const compiled = compilePyodide(home, (bytes) => {
    arrived += bytes;
    counting?.(bytes);
  });
  // startWorker reports a failure to the worker. This handler only keeps the browser from
  // reporting an unhandled rejection as well.
  compiled.catch(() => {});
  let waiting = startWorker(home, compiled, onProgress);

  function takeWorker() {
    const start = waiting ?? startWorker(home, compiled, onProgress);
    waiting = null;
    return start;
  }

  const machinery = import('./server.js');
  machinery.catch(() => {});
  window.thebeLite = {
    async startJupyterLiteServer() {
      const { startServer } = await machinery;
      return startServer({ packages, onDeath, takeWorker });
    },
  };
  return {
    dispose() {
      if (waiting) {
        waiting.live = false;
        waiting.worker.terminate();
        waiting = null;
      }
    },
  };
}

/**
 * Starts a worker, which begins its downloads at once, and sends it the WebAssembly.
 *
 * @param {string} home absolute address of the engine's folder
 * @param {Promise<WebAssembly.Module>} compiled Pyodide's WebAssembly; a rejection is
 *   reported to the worker
 * @param {KernelOptions['onProgress']} onProgress
 * @returns {Start}
 */
function startWorker(home, compiled, onProgress) {
  const worker = new Worker(`${home}worker.js`, { type: 'module' });
  const start = { worker, live: true, failed: failureOf(worker) };
  start.failed.catch(() => {});
  const count = (bytes) => worker.postMessage({ _count: { path: WASM, bytes } });
  count(arrived);
  counting = count;
  // Sent as name and message: an error that is posted to a worker loses its class.
  compiled.then(
    (module) => worker.postMessage({ _wasm: module }),
    ({ name, message }) => worker.postMessage({ _failed: { name, message } })
  );
  worker.addEventListener('message', ({ data }) => {
    if (data?._progress && start.live) onProgress?.(data._progress);
  });
  return start;
}

/**
 * Returns a promise that rejects when the worker's program does not load or run.
 *
 * @param {Worker} worker
 * @returns {Promise<never>} rejects with an Unfit when worker.js loads and then fails,
 *   and with another Error when it does not load
 */
function failureOf(worker) {
  return new Promise((_, reject) => {
    worker.addEventListener('error', (event) => {
      const words = 'The file worker.js of the browser engine did not load';
      // Only an error in running the program has a message: the file has loaded.
      if (event.message) reject(new Unfit(`${words}: ${event.message}.`));
      else reject(new Error(`${words}.`));
    });
  });
}
