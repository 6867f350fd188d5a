// Fetches what Python needs, all at once, and counts the bytes as they arrive.

import { eachPiece } from './pieces.js';

/** A start that failed, in a sentence that names the file. */
export class StartError extends Error {}

/**
 * A start that fails in this browser however often it is tried. An error that goes
 * from the worker to the page keeps its name there, not its class.
 */
export class Unfit extends StartError {
  name = 'Unfit';
}

export const WASM = 'pyodide/pyodide.asm.wasm';
const STDLIB = 'pyodide/python_stdlib.zip';
const LOCK = 'pyodide/pyodide-lock.json';
const SCRIPTS = ['pyodide/pyodide.mjs', 'pyodide/pyodide.asm.js'];
const REPORT_MS = 100;

/** The error for a file that cannot be had; `why` is half a sentence. */
export function missing(path, why) {
  return new StartError(
    `The file ${path} of the browser engine could not be loaded: ${why}.`
  );
}

/** Fetches a file; StartError when the server does not give it. */
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

export class Downloads {
  /**
   * @param {string} base address of the engine's folder, with its last slash
   * @param {(state: {stage: string, loaded: number, total: number}) => void} report
   */
  constructor(base, report) {
    this.base = base;
    this.report = report;
    /** Rejects, with a StartError, when a file cannot be had. */
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => {});
    this._contents = new Map();
    this._sizes = {};
    this._loaded = {};
    this._stage = 'download';
    this._reported = 0;
  }

  /** Begins every download; the first failure is told by `failed`. */
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

  /** The exports of pyodide.mjs, once pyodide.asm.js is loaded too. */
  async modules() {
    return (await this._modules)[0];
  }

  /** The bytes of a file. */
  async content(path) {
    return this._contents.get(path);
  }

  /** Name and file of the wanted packages (all, when none are named) there are. */
  async packages(wanted) {
    await this.manifest;
    const held = Object.values((await this.lock).packages);
    return held
      .filter(({ name }) => !wanted || wanted.includes(name))
      .map(({ name, file_name }) => [name, `pyodide/${file_name}`]);
  }

  /** Hands the standard library to Pyodide when it fetches that. */
  serveStdlib() {
    const native = self.fetch.bind(self);
    self.fetch = async (input, init) => {
      const url = String(input?.url ?? input);
      if (url !== this.base + STDLIB) return native(input, init);
      return new Response(await this.content(STDLIB));
    };
  }

  /** Says that a later stage of the start has begun. */
  stage(name) {
    this._stage = name;
    this._tell(true);
  }

  /** Takes note that bytes of a file have arrived. */
  count(path, bytes) {
    this._loaded[path] = (this._loaded[path] ?? 0) + bytes;
    this._tell(false);
  }

  _hold(path, options) {
    const content = this._bytes(path, options);
    content.catch(this.fail);
    this._contents.set(path, content);
  }

  async _json(path) {
    const response = await request(this.base, path);
    try {
      return await response.json();
    } catch (error) {
      throw missing(path, `it is not JSON (${error.message})`);
    }
  }

  async _module(path) {
    try {
      const module = await import(this.base + path);
      this.count(path, this._sizes[path] ?? Infinity);
      return module;
    } catch (error) {
      const { message } = missing(path, error.message);
      // It came, and the browser does not know its language.
      throw error instanceof SyntaxError ? new Unfit(message) : new StartError(message);
    }
  }

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
