// The browser kernel, as thebe-core's connectToJupyterLiteServer wants it.
//
// The worker, and with it every download, starts before anything else here is
// loaded: JupyterLab's session machinery comes while Python is on its way.

import { Unfit, WASM } from './downloads.js';
import { compilePyodide } from './wasm.js';

// What has arrived of the WebAssembly, and the worker that is told of more.
let arrived = 0;
let counting = null;

/**
 * Sets window.thebeLite and starts the first worker.
 *
 * @param {object} options
 * @param {string} options.base address of the engine's folder (absolute, or
 *   relative to the page)
 * @param {string[]} [options.packages] the packages to load; all those the
 *   engine holds when left out
 * @param {(state: {stage: string, loaded: number, total: number}) => void}
 *   [options.onProgress] stage is "download", "python", "numpy" or "kernel"
 * @param {(message: string) => void} [options.onDeath] called when a kernel that
 *   was running is lost
 * @returns {{dispose: () => void}} dispose ends a worker no session has taken
 */
export function installBrowserKernel({ base, packages, onProgress, onDeath }) {
  const home = new URL(base.endsWith('/') ? base : `${base}/`, document.baseURI).href;
  const options = { packages, onProgress, onDeath };
  const compiled = compilePyodide(home, (bytes) => {
    arrived += bytes;
    counting?.(bytes);
  });
  compiled.catch(() => {});
  let waiting = startWorker();

  function startWorker() {
    const worker = new Worker(`${home}worker.js`, { type: 'module' });
    const start = { worker, live: true };
    start.failed = new Promise((_, reject) => {
      worker.addEventListener('error', (event) => {
        const words = 'The file worker.js of the browser engine did not load';
        // An error with words is one of running it: the file has come.
        if (event.message) reject(new Unfit(`${words}: ${event.message}.`));
        else reject(new Error(`${words}.`));
      });
    });
    start.failed.catch(() => {});
    const count = (bytes) => worker.postMessage({ _count: { path: WASM, bytes } });
    count(arrived);
    counting = count;
    compiled.then(
      (module) => worker.postMessage({ _wasm: module }),
      ({ name, message }) => worker.postMessage({ _failed: { name, message } })
    );
    worker.addEventListener('message', ({ data }) => {
      if (data?._progress && start.live) onProgress?.(data._progress);
    });
    return start;
  }

  function takeWorker() {
    const start = waiting ?? startWorker();
    waiting = null;
    return start;
  }

  const machinery = import('./server.js');
  machinery.catch(() => {});
  window.thebeLite = {
    async startJupyterLiteServer() {
      const { startServer } = await machinery;
      return startServer({ ...options, takeWorker });
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
