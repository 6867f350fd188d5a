// Downloads the files that Python in the browser needs, all at the same time, and reports
// how many bytes have arrived.

import { eachPiece } from './pieces.js';

/** Error for a start of Python that failed; the message names the file at fault. */
export class StartError extends Error {}

/**
 * Error for a start of Python that fails in this browser however often it is tried. The
 * page recognizes the error by its name: an error that is posted from the worker to the
 * page loses its class.
 */
export class Unfit extends StartError {
  name = 'Unfit';
}

export const WASM = 'pyodide/pyodide.asm.wasm';
const STDLIB = 'pyodide/python_stdlib.zip';
const LOCK = 'pyodide/pyodide-lock.json';
const SCRIPTS = ['pyodide/pyodide.mjs', 'pyodide/pyodide.asm.js'];
const REPORT_MS = 100; // least time between two reports of progress, in milliseconds

/**
 * Returns the error for a file that could not be loaded.
 *
 * @param {string} path the file, relative to the engine's folder
 * @param {string} why the reason: the end of a sentence, without its full stop
 * @returns {StartError}
 */
export function missing(path, why) {
  return new StartError(
    `The file ${path} of the browser engine could not be loaded: ${why}.`
  );
}

/**
 * Fetches a file of the engine.
 *
 * @param {string} base absolute address of the engine's folder, with its last slash
 * @param {string} path the file, relative to the engine's folder
 * @param {RequestInit} [options] options for fetch
 * @returns {Promise<Response>} rejects with a StartError where the server does not send
 *   the file, or where the file does not match options.integrity
 */
export async function request(base, path, options) {
  let response;
  try {
    response = await fetch(base + path, options);
  } catch (error) {
    const hash = options?.integrity ? ', or it is not the file it should be' : '';
    throw missing(path, `the server did not send it${hash} (${error.message})`);
  }
  if (!response.ok) throw missing(path, `the server answered ${response.status}`);
  return response;
}

/** The downloads of one start of Python: begins all, keeps contents, reports progress. */
export class Downloads {
  /**
   * @param {string} base absolute address of the engine's folder, with its last slash
   * @param {(state: {stage: string, loaded: number, total: number}) => void} report
   *   called with the stage ("download", "python", "numpy" or "kernel"), the bytes loaded
   *   and the bytes of all files
   */
  constructor(base, report) {
    this.base = base;
    this.report = report;
    /** Rejects with the error of the first file that does not load; never resolves. */
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => {});
    this._contents = new Map();
    this._sizes = {};
    this._loaded = {};
    this._stage = 'download';
    this._reported = 0;
  }

  /** Begins every download; `failed` rejects on the first failure. */
  start() {
    this.manifest = this._json('engine.json');
    this.lock = this._json(LOCK);
    this._modules = Promise.all(SCRIPTS.map((path) => this._module(path)));
    this._hold(STDLIB);
    const begun = this._begin();
    for (const job of [this.manifest, this.lock, this._modules, begun]) {
      job.catch(this.fail);
    }
  }

  /** Begins the downloads of the wheels that the lock file lists, once it has loaded. */
  async _begin() {
    const [manifest, lock] = await Promise.all([this.manifest, this.lock]);
    const entries = Object.values(lock.packages);
    const wheels = entries.map((entry) => `pyodide/${entry.file_name}`);
    for (const path of [WASM, STDLIB, ...SCRIPTS, ...wheels]) {
      this._sizes[path] = manifest.files[path]?.bytes ?? 0;
    }
    for (const entry of entries) {
      const bytes = entry.sha256.match(/../g).map((pair) => parseInt(pair, 16));
      const integrity = `sha256-${btoa(String.fromCharCode(...bytes))}`;
      this._hold(`pyodide/${entry.file_name}`, { integrity });
    }
    this._tell(true);
  }

  /**
   * Returns the exports of pyodide.mjs, once pyodide.asm.js is loaded too.
   *
   * @returns {Promise<object>} rejects with a StartError
   */
  async modules() {
    return (await this._modules)[0];
  }

  /**
   * Returns the content of a file whose download has begun, once it has loaded.
   *
   * @param {string} path the file, relative to the engine's folder
   * @returns {Promise<ArrayBuffer | undefined>} undefined for a file that is not among
   *   the downloads; rejects with a StartError
   */
  async content(path) {
    return this._contents.get(path);
  }

  /**
   * Returns the Python packages that the engine holds, as pairs of name and path.
   *
   * @param {string[]} [wanted] names of the packages to return; by default all
   * @returns {Promise<[string, string][]>} rejects with a StartError
   */
  async packages(wanted) {
    await this.manifest;
    const held = Object.values((await this.lock).packages);
    return held
      .filter(({ name }) => !wanted || wanted.includes(name))
      .map(({ name, file_name }) => [name, `pyodide/${file_name}`]);
  }

  /** Replaces fetch, so that Pyodide gets the standard library from these downloads. */
  serveStdlib() {
    const native = self.fetch.bind(self);
    self.fetch = async (input, init) => {
      const url = String(input?.url ?? input);
      if (url !== this.base + STDLIB) return native(input, init);
      return new Response(await this.content(STDLIB));
    };
  }

  /** Reports that a stage of the start has begun: "numpy" or "kernel". */
  stage(name) {
    this._stage = name;
    this._tell(true);
  }

  /** Adds bytes that have arrived to the count of a file, and reports progress. */
  count(path, bytes) {
    this._loaded[path] = (this._loaded[path] ?? 0) + bytes;
    this._tell(false);
  }

  /** Begins a download, and keeps the promise of its content for `content()`. */
  _hold(path, options) {
    const content = this._bytes(path, options);
    content.catch(this.fail);
    this._contents.set(path, content);
  }

  /** Returns a JSON file's value; rejects with a StartError. */
  async _json(path) {
    const response = await request(this.base, path);
    try {
      return await response.json();
    } catch (error) {
      throw missing(path, `it is not JSON (${error.message})`);
    }
  }

  /** Returns the exports of a JavaScript module; rejects with a StartError. */
  async _module(path) {
    try {
      const module = await import(this.base + path);
      this.count(path, this._sizes[path] ?? Infinity);
      return module;
    } catch (error) {
      const { message } = missing(path, error.message);
      // A syntax error means that the file loaded and this browser is too old for it.
      throw error instanceof SyntaxError ? new Unfit(message) : new StartError(message);
    }
  }

  /** Returns a file's content, an ArrayBuffer; rejects with a StartError. */
  async _bytes(path, options) {
    const response = await request(this.base, path, options);
    const pieces = [];
    const take = (piece) => {
      pieces.push(piece);
      this.count(path, piece.length);
    };
    await eachPiece(response.body, take, (error) => {
      throw missing(path, `the download broke off (${error.message})`);
    });
    return new Blob(pieces).arrayBuffer();
  }

  /**
   * Reports stage and bytes of all files; nothing before the files' sizes are known.
   *
   * @param {boolean} now whether to report even when the last report was less than
   *   REPORT_MS ago
   */
  _tell(now) {
    const paths = Object.keys(this._sizes);
    const total = paths.reduce((sum, path) => sum + this._sizes[path], 0);
    if (!total) return;
    const time = Date.now();
    if (!now && time - this._reported < REPORT_MS) return;
    this._reported = time;
    const loaded = paths.reduce(
      (sum, path) => sum + Math.min(this._loaded[path] ?? 0, this._sizes[path]),
      0
    );
    const stage = this._stage === 'download' && loaded >= total ? 'python' : this._stage;
    this.report({ stage, loaded, total });
  }
}
