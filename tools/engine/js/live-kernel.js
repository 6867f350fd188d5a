// The page's side of the kernel: JupyterLite's PyodideKernel, on a worker that was
// started before, with a promise that rejects when the start fails.

import { wrap } from 'comlink';
import { PyodideKernel } from '@jupyterlite/pyodide-kernel/lib/kernel.js';
import { KernelMessage } from '@jupyterlab/services';

// Milliseconds between the death of a kernel and its disposal, in which the messages
// about its death reach their listeners.
const FAREWELL_MS = 200;
const NEVER = new Promise(() => {});

/** JupyterLite's kernel on the worker of `options.start`, a Start of kernel.js. */
export class LiveKernel extends PyodideKernel {
  constructor(options) {
    super({ ...options, pyodideUrl: '' });
    this._onDeath = options.onDeath;
    this.isDead = false;
    options.start.failed.catch((error) => this._ready.reject(error));
    /**
     * Resolves when the kernel runs. Rejects with an Error that says why it did not
     * start; the error's name is "Unfit" where trying again would not help.
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

  // Always by comlink. The base class has another way for a page that is cross-origin
  // isolated, which is needed for input() and a mounted drive only.
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

  // Messages to the kernel await `ready`. After a failed start it never settles; the page
  // learns of the failure by the rejection of `started`.
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

  /**
   * Reports that a running kernel died, by a text on stderr, the status "dead" and
   * onDeath; then disposes of the kernel. Nothing happens for a kernel that does not run.
   *
   * @param {string} message why
   */
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
    // Not at once: the messages above are delivered asynchronously.
    setTimeout(() => this.dispose(), FAREWELL_MS);
  }
}
