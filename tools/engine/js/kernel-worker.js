// The kernel's worker: runs Pyodide, numpy and the Python side of the kernel
// (tools/engine/kernel) as a JupyterLite PyodideRemoteKernel.
//
// All downloads start when this module is evaluated, before the page asks the kernel to
// initialize; the kernel then awaits them.

import { expose } from 'comlink';
import { PyodideRemoteKernel } from '@jupyterlite/pyodide-kernel/lib/worker.js';
import { Downloads, StartError, Unfit } from './downloads.js';
import { lendToPyodide } from './wasm.js';

const base = new URL('./', import.meta.url).href;
const post = (message) => self.postMessage(message);
const downloads = new Downloads(base, (state) => post({ _progress: state }));
downloads.start();
downloads.serveStdlib();
lendToPyodide(base, fromPage('_wasm'));

/**
 * Returns a promise for a value that the page posts once, beside comlink's calls.
 *
 * The same listener handles the page's messages about the WebAssembly: bytes that have
 * arrived (`_count`) and a failure (`_failed`).
 *
 * @param {string} kind the property of the message that holds the value
 */
function fromPage(kind) {
  return new Promise((resolve) => {
    self.addEventListener('message', ({ data }) => {
      if (data?.[kind]) resolve(data[kind]);
      if (data?._failed) downloads.fail(Object.assign(new StartError(), data._failed));
      if (data?._count) downloads.count(data._count.path, data._count.bytes);
    });
  });
}

/**
 * Returns the error to report to the page for a failed start.
 *
 * A StartError, and a RangeError (too little memory), are returned unchanged. Any other
 * error is a fault of the browser or of this code, where trying again would not help: it
 * becomes an Unfit.
 *
 * @param {Error} error
 * @returns {Error}
 */
function told(error) {
  if (error instanceof StartError || error instanceof RangeError) return error;
  return new Unfit(String(error?.message ?? error));
}

/** JupyterLite's kernel in a worker, with our downloads and live_kernel as its Python. */
class LiveRemoteKernel extends PyodideRemoteKernel {
  async initialize(options) {
    // Pyodide itself would wait for ever for some files whose download fails.
    try {
      await Promise.race([super.initialize(options), downloads.failed]);
      return this._python.version();
    } catch (error) {
      throw told(error);
    }
  }

  async initRuntime() {
    const { loadPyodide } = await downloads.modules();
    this._pyodide = await loadPyodide({
      indexURL: `${base}pyodide/`,
      lockFileContents: await downloads.lock,
      packageBaseUrl: `${base}pyodide/`,
      stdout: (text) => console.log(text),
      stderr: (text) => console.warn(text),
    });
    // With an interrupt buffer, to which nothing ever writes, Python's evaluation loop
    // calls JavaScript now and then. Only in such a call does WebKit terminate a worker:
    // without the buffer an endless loop would occupy a core after Stop. (A loop inside
    // numpy still does.)
    this._pyodide.setInterruptBuffer(new Int32Array(1));
    this._pyodide._api.on_fatal = (error) => {
      post({ _fatal: `Python stopped: ${error?.message ?? error}` });
    };
  }

  // Empty: the kernel has no drive to mount.
  async initFilesystem() {}

  async initPackageManager(options) {
    const packages = await downloads.packages(options.packages);
    if (packages.length) downloads.stage('numpy');
    // Not Pyodide's loadPackage, which would also compile every library in a wheel, such
    // as numpy's for random numbers and Fourier transforms, before it is imported.
    for (const [name, path] of packages) {
      this._pyodide.unpackArchive(await downloads.content(path), 'wheel', {
        extractDir: this._pyodide._api.sitePackages,
      });
      this._pyodide.loadedPackages[name] = 'default channel';
    }
    this._pyodide.pyimport('importlib').invalidate_caches();
  }

  async initKernel() {
    downloads.stage('kernel');
    const python = this._pyodide.pyimport('live_kernel');
    this._python = python.start((kind, content) => this._publish(kind, content));
    python.destroy();
    // The base class reads the header of the current request from its `_kernel`.
    this._kernel = { _parent_header: {} };
  }

  async initGlobals() {
    // Nearly every cell needs numpy: import it right after the page is told that Python
    // runs.
    if ('numpy' in this._pyodide.loadedPackages) setTimeout(() => this._python.warm());
  }

  async setup(parent) {
    await this._initialized;
    this._kernel._parent_header = parent;
  }

  /**
   * Sends the page a Jupyter message that belongs to the current request.
   *
   * @param {string} kind the message's type, such as "stream"
   * @param {object} content
   */
  _publish(kind, content) {
    this._sendWorkerMessage({
      type: kind,
      bundle: content,
      parentHeader: this._kernel._parent_header.header,
    });
  }

  async execute(content, parent) {
    await this.setup(parent);
    const cell = parent?.metadata?.cellId ?? null;
    const result = await this._python.run(content.code, cell, !!content.silent);
    if (result.status === 'error' && !content.silent) {
      const { ename, evalue, traceback } = result;
      this._publish('execute_error', { ename, evalue, traceback });
    }
    return result;
  }

  async complete(content, parent) {
    await this.setup(parent);
    return this._python.complete(content.code, content.cursor_pos);
  }

  async inspect(content, parent) {
    await this.setup(parent);
    const { code, cursor_pos, detail_level } = content;
    return this._python.inspect(code, cursor_pos, detail_level ?? 0);
  }

  async isComplete(content, parent) {
    await this.setup(parent);
    return this._python.is_complete(content.code);
  }

  async commInfo() {
    return { status: 'ok', comms: {} };
  }

  // Comms serve widgets, which the book does not have: their messages are ignored.
  async commOpen() {}
  async commMsg() {}
  async commClose() {}
}

const kernel = new LiveRemoteKernel();
kernel.registerWorkerMessageCallback((message) => post({ _kernelMessage: message }));
kernel.registerLogMessageCallback((message) => post({ _logMessage: message }));
expose(kernel);
