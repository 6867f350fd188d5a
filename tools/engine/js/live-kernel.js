// The page's side of the kernel: JupyterLite's PyodideKernel on a worker that
// may have been started before, with failures that reach the one who waits.

import { wrap } from 'comlink';
import { PyodideKernel } from '@jupyterlite/pyodide-kernel/lib/kernel.js';
import { KernelMessage } from '@jupyterlab/services';

const FAREWELL_MS = 200;
const NEVER = new Promise(() => {});

export class LiveKernel extends PyodideKernel {
  constructor(options) {
    super({ ...options, pyodideUrl: '' });
    this._onDeath = options.onDeath;
    this.isDead = false;
    options.start.failed.catch((error) => this._ready.reject(error));
    /**
     * Settles when the kernel runs, or rejects with an error saying why not; its name
     * is "Unfit" where trying again would not help.
     */
    this.started = this._ready.promise.catch((error) => {
      throw error instanceof Error ? error : new Error(String(error));
    });
    this.started.then(
      () => (this._alive = true),
      () => {}
    );
  }

  initWorker(options) {
    return options.start.worker;
  }

  // One way for every host: comlink's, also where the page is cross-origin
  // isolated (the other way exists for input() and a mounted drive only).
  initRemote(options) {
    this._worker.addEventListener('message', ({ data }) => {
      if (data?._kernelMessage) this._processWorkerMessage(data._kernelMessage);
      else if (data?._logMessage) this._processLogMessage(data._logMessage);
      else if (data?._fatal) this._die(data._fatal);
    });
    const remote = wrap(this._worker);
    remote.initialize(this.initRemoteOptions(options)).then(
      (version) => {
        this._version = version;
        this._ready.resolve();
      },
      (error) => this._ready.reject(error)
    );
    return remote;
  }

  initRemoteOptions(options) {
    return { location: '', mountDrive: false, packages: options.packages, kernelId: this.id };
  }

  // Messages wait for `ready`; on a failed start they wait for ever, and
  // `started` is what tells the reader.
  get ready() {
    return this._ready.promise.catch(() => NEVER);
  }

  async kernelInfoRequest() {
    const content = await super.kernelInfoRequest();
    content.implementation = 'tinytorch-live';
    content.banner = 'Python in this browser (Pyodide)';
    content.language_info.version = this._version;
    content.language_info.pygments_lexer = 'python3';
    return content;
  }

  _die(message) {
    if (!this._alive || this.isDead || this.isDisposed) return;
    this.isDead = true;
    this.stream({ name: 'stderr', text: `${message}\n` });
    this._sendMessage(
      KernelMessage.createMessage({
        msgType: 'status',
        channel: 'iopub',
        session: this.parent?.header.session ?? '',
        parentHeader: this.parent?.header,
        content: { execution_state: 'dead' },
      })
    );
    this._onDeath?.(message);
    // The messages above are still on their way.
    setTimeout(() => this.dispose(), FAREWELL_MS);
  }
}
