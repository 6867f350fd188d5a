// Starts Python in the browser, behind the interface that thebe-core's
// connectToJupyterLiteServer wants.
//
// The worker, and with it every download, starts before anything else here is
// loaded: JupyterLab's session machinery comes while Python is on its way.

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
 * @property {(message: string) => void} [onDeath] called when a running kernel is lost
 */

/**
 * A worker that has been started.
 *
 * @typedef {object} Start
 * @property {Worker} worker
 * @property {boolean} live whether its progress is still reported
 * @property {Promise<never>} failed rejects when worker.js does not load or run
 */

/** Bytes of the WebAssembly that have arrived, over all workers of the page. */
let arrived = 0;

/**
 * Tells the newest worker of further bytes; null before the first worker.
 *
 * @type {((bytes: number) => void) | null}
 */
let counting = null;

/**
 * Sets window.thebeLite and starts the first worker.
 *
 * @param {KernelOptions} options
 * @returns {{dispose: () => void}} dispose ends a worker that no session has taken
 */
export function installBrowserKernel({ base, packages, onProgress, onDeath }) {
  const home = new URL(base.endsWith('/') ? base : `${base}/`, document.baseURI).href;
  const compiled = compilePyodide(home, (bytes) => {
    arrived += bytes;
    counting?.(bytes);
  });
  // Each worker is told of a failure; unhandled, it would be an error of the page too.
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
 * Starts a worker, which begins its downloads at once.
 *
 * @param {string} home absolute address of the engine's folder
 * @param {Promise<WebAssembly.Module>} compiled Pyodide's WebAssembly
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
  // An error crosses to the worker as its name and words: a class does not.
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
 * @returns {Promise<never>}
 */
function failureOf(worker) {
  return new Promise((_, reject) => {
    worker.addEventListener('error', (event) => {
      const words = 'The file worker.js of the browser engine did not load';
      // An error with words is one of running it: the file has come.
      if (event.message) reject(new Unfit(`${words}: ${event.message}.`));
      else reject(new Error(`${words}.`));
    });
  });
}
