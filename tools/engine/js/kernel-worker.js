// The kernel's worker: Pyodide, numpy and the Python side of the kernel
// (tools/engine/kernel), spoken to by JupyterLite's PyodideRemoteKernel.
//
// All downloads start when this module is evaluated, before anyone asks for
// them; the kernel picks the finished ones up.

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

/** The one message of a kind that the page sends outside of the kernel's calls. */
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
 * The error to tell. What is no StartError is a fault of the browser or of this code:
 * trying again would not help, unless there was too little memory (RangeError).
 */
function told(error) {
  if (error instanceof StartError || error instanceof RangeError) return error;
  return new Unfit(String(error?.message ?? error));
}

class LiveRemoteKernel extends PyodideRemoteKernel {
  async initialize(options) {
    // Pyodide waits for ever for some of the files that do not come.
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
    // With a buffer for interrupts, though nobody writes to it, Python's loop calls into
    // JavaScript now and then. WebKit ends a worker only there: without it, an endless
    // loop would go on burning a core after Stop. (A loop inside of numpy still does.)
    this._pyodide.setInterruptBuffer(new Int32Array(1));
    this._pyodide._api.on_fatal = (error) => {
      post({ _fatal: `Python stopped: ${error?.message ?? error}` });
    };
  }

  async initFilesystem() {}

  async initPackageManager(options) {
    const packages = await downloads.packages(options.packages);
    if (packages.length) downloads.stage('numpy');
    // Pyodide's loadPackage would also compile every library in a wheel, random
    // numbers and Fourier transforms included, before it is asked for.
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
    // The base class asks its `_kernel` for the message being answered.
    this._kernel = { _parent_header: {} };
  }

  async initGlobals() {
    // Nearly every cell wants numpy: it is imported while the page is told that
    // Python runs.
    if ('numpy' in this._pyodide.loadedPackages) setTimeout(() => this._python.warm());
  }

  async setup(parent) {
    await this._initialized;
    this._kernel._parent_header = parent;
  }

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

  // Widgets are left out: messages of their channels are not answered.
  async commOpen() {}
  async commMsg() {}
  async commClose() {}
}

const kernel = new LiveRemoteKernel();
kernel.registerWorkerMessageCallback((message) => post({ _kernelMessage: message }));
kernel.registerLogMessageCallback((message) => post({ _logMessage: message }));
expose(kernel);
