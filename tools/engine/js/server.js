// Makes the service manager that thebe-core calls a server: JupyterLab's managers of
// kernels and sessions over JupyterLite's. No request leaves the page.

import { KernelManager, ServerConnection, SessionManager } from '@jupyterlab/services';
import { KernelSpecs } from '@jupyterlite/services/lib/kernel/kernelspecs.js';
import { LiteKernelClient } from '@jupyterlite/services/lib/kernel/client.js';
import { LiteKernelSpecClient } from '@jupyterlite/services/lib/kernel/kernelspecclient.js';
import { LiteSessionClient } from '@jupyterlite/services/lib/session/client.js';
import { WebSocket } from 'mock-socket';
import { LiveKernel } from './live-kernel.js';

const SPEC = {
  name: 'python',
  display_name: 'Python (in this browser)',
  language: 'python',
  argv: [],
  resources: {},
};

/**
 * A session manager whose startNew waits until the kernel runs. Where the kernel does not
 * start, startNew rejects with the error of the kernel's `started`.
 */
class LiveSessionManager extends SessionManager {
  constructor(options) {
    super(options);
    this._kernels = options.kernels;
  }

  async startNew(createOptions, connectOptions) {
    for (const kernel of this._kernels.values()) if (kernel.isDead) kernel.dispose();
    const session = await super.startNew(createOptions, connectOptions);
    try {
      await this._kernels.get(session.kernel?.id)?.started;
    } catch (error) {
      await session.shutdown().catch(() => {});
      session.dispose();
      throw error;
    }
    return session;
  }
}

/**
 * Returns the service manager that thebe-core expects of a server.
 *
 * @param {object} options
 * @param {() => import('./kernel.js').Start} options.takeWorker returns a worker that no
 *   kernel uses
 * @param {string[]} [options.packages] the packages to load; by default all that the
 *   engine holds
 * @param {(message: string) => void} [options.onDeath] called when a running kernel dies
 */
export async function startServer({ takeWorker, packages, onDeath }) {
  const serverSettings = ServerConnection.makeSettings({ WebSocket });
  const kernels = new Map();
  const kernelSpecs = new KernelSpecs();
  kernelSpecs.register({
    spec: SPEC,
    create: async (options) => {
      const kernel = new LiveKernel({ ...options, packages, onDeath, start: takeWorker() });
      kernels.set(kernel.id, kernel);
      kernel.disposed.connect(() => kernels.delete(kernel.id));
      return kernel;
    },
  });
  const kernelClient = new LiteKernelClient({ kernelSpecs, serverSettings });
  const kernelSpecAPIClient = new LiteKernelSpecClient({ kernelSpecs, serverSettings });
  const sessionAPIClient = new LiteSessionClient({ kernelClient, serverSettings });
  const kernelManager = new KernelManager({
    kernelAPIClient: kernelClient,
    serverSettings,
  });
  const sessions = new LiveSessionManager({
    kernelManager,
    kernels,
    sessionAPIClient,
    serverSettings,
  });
  return {
    serverSettings,
    kernels: kernelManager,
    kernelspecs: kernelSpecAPIClient,
    sessions,
    isDisposed: false,
    dispose() {
      if (this.isDisposed) return;
      this.isDisposed = true;
      sessions.dispose();
      kernelManager.dispose();
    },
  };
}
