/** A kernel session: one running Python, from the first request to its end. */

import { reasonOf } from "../base/words.js";

/**
 * @import { RunResult } from "../base/types.js"
 * @import { Completion, Future, ThebeServer, ThebeSession } from "./interface.js"
 */

const LOST_MS = 12000; // without a connection after which the kernel counts as lost
const COMPLETION_MS = 3000;
const RECONNECT_MS = 3000;
const BREAKDOWN_MS = 100;
const AGAIN = "Start it again; what had run is then run again";

/** A running kernel of one of the engines; see interface.js. */
export class Session {
  /** Called once when the kernel is lost: why, and what to do if that is known here.
   * @type {(words: string, remedy?: string) => void} */
  onDeath = () => {};

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  lostTimer;

  /**
   * @param {ThebeSession} thebe
   * @param {ThebeServer} server disposed of when this session ends
   */
  constructor(thebe, server) {
    this.thebe = thebe;
    this.server = server;
    this.ended = false;
    const kernel = thebe.kernel;
    kernel.statusChanged.connect((_, status) => this.hearStatus(status));
    kernel.connectionStatusChanged.connect((_, status) => this.hearConnection(status));
  }

  /**
   * Run code in the reader's namespace. Never throws.
   *
   * @param {string} code
   * @param {{cellId?: string, onFuture?: (future: Future) => void}} options `cellId`
   *   names the code in tracebacks; `onFuture` gets the request before any answer to
   *   it, to show its output
   * @returns {Promise<RunResult>}
   */
  async execute(code, { cellId, onFuture } = {}) {
    if (this.ended) return { status: "ended" };
    try {
      const request = { code, store_history: true, stop_on_error: true };
      const future = this.thebe.kernel.requestExecute(request, true, { cellId });
      onFuture?.(future);
      const { content } = await future.done;
      if (content.status === "ok") return { status: "ok" };
      const { ename = "Error", evalue = "", traceback = [] } = content;
      return { status: "error", name: ename, value: evalue, traceback };
    } catch (error) {
      // JupyterLab rejects the requests of a kernel that broke down before it signals
      // the new status: wait for `hearStatus`, which knows more than this error.
      await new Promise((resolve) => setTimeout(resolve, BREAKDOWN_MS));
      if (this.ended) return { status: "ended" };
      return { status: "error", name: "Error", value: reasonOf(error) };
    }
  }

  /**
   * Prove that the kernel runs code.
   *
   * @returns {Promise<string>} the version of its Python, "3.13.2"
   * @throws {Error} when the kernel does not answer with success
   */
  async probe() {
    const kernel = this.thebe.kernel;
    const future = kernel.requestExecute({
      code: "None",
      silent: true,
      store_history: false,
    });
    const { content } = await future.done;
    if (content.status !== "ok") {
      throw new Error(`${content.ename}: ${content.evalue}`);
    }
    const info = await kernel.info;
    return info.language_info?.version ?? "";
  }

  /**
   * Ask the Python package about the reader's own framework.
   *
   * @param {{ask: "use" | "keep" | "blame", [argument: string]: unknown}} question a key
   *   of ANSWERS in tinytorch/own/answers.py, and arguments for the function under it
   * @returns {Promise<any>} the function's result
   * @throws {Error} when the kernel is gone or cannot answer
   */
  async ask(question) {
    const text = JSON.stringify(JSON.stringify(question));
    // An expression, not an import statement: no name is left in the cells' namespace.
    const module = '__import__("tinytorch.own.answers", fromlist=["answer"])';
    const code = `${module}.answer(${text})`;
    const request = { code, silent: true, store_history: false, stop_on_error: false };
    const future = this.thebe.kernel.requestExecute(request);
    let said = "";
    future.onIOPub = ({ header, content }) => {
      if (header.msg_type === "stream" && content.name === "stdout") said += content.text;
    };
    const { content } = await future.done;
    if (content.status !== "ok") throw new Error(`${content.ename}: ${content.evalue}`);
    return JSON.parse(said);
  }

  /**
   * Complete a name.
   *
   * @param {string} code the whole text
   * @param {number} position of the cursor in it, in UTF-16 units
   * @returns {Promise<?Completion>} null while the kernel is busy, and where it does
   *   not answer in time
   */
  async complete(code, position) {
    const kernel = this.thebe.kernel;
    if (this.ended || kernel.status !== "idle") return null;
    // The protocol counts characters, JavaScript counts UTF-16 units.
    const before = [...code.slice(0, position)].length;
    const request = kernel.requestComplete({ code, cursor_pos: before });
    const late = new Promise((resolve) => setTimeout(resolve, COMPLETION_MS, null));
    const reply = await Promise.race([request, late]).catch(() => null);
    if (reply?.content.status !== "ok") return null;
    const units = [...code];
    const toUnits = (place) => units.slice(0, place).join("").length;
    return {
      matches: reply.content.matches,
      start: toUnits(reply.content.cursor_start),
      end: toUnits(reply.content.cursor_end),
    };
  }

  /** Ask for a KeyboardInterrupt in the running code, which may not heed it. */
  interrupt() {
    return this.thebe.kernel.interrupt().catch(() => undefined);
  }

  /** Shut the kernel down, whatever it is doing. */
  async end() {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.lostTimer);
    await this.reconnected();
    try {
      await this.thebe.shutdown();
    } catch {
      // a kernel that is gone already cannot be asked
    }
    this.thebe.dispose();
    this.server.dispose();
  }

  /** Wait a little while the connection is being made anew: it cannot be cut off then. */
  async reconnected() {
    const { kernel } = this.thebe;
    for (let waited = 0; waited < RECONNECT_MS; waited += 100) {
      if (kernel?.connectionStatus !== "connecting") return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Shut the kernel down while the page unloads, when nothing can be awaited. */
  leave() {
    if (this.ended) return;
    this.ended = true;
    const { baseUrl, token } = this.server.settings ?? {};
    if (!token) return; // a kernel in a worker of this page ends with the page
    const url = new URL(`api/sessions/${this.thebe.id}`, baseUrl);
    const headers = { Authorization: `token ${token}` };
    // keepalive: the browser finishes the request after the page is gone.
    fetch(url, { method: "DELETE", headers, keepalive: true }).catch(() => undefined);
  }

  /** @param {string} status of the kernel, in JupyterLab's words */
  hearStatus(status) {
    if (status === "dead") this.die("Python ended unexpectedly", AGAIN);
    // The server starts a new kernel, an empty one, in place of a kernel that broke
    // down; JupyterLab begins to connect to it after this signal, so end it after that.
    if (status === "autorestarting") {
      setTimeout(() => this.die("Python broke down", AGAIN));
    }
  }

  /** @param {string} status of the connection, in JupyterLab's words */
  hearConnection(status) {
    clearTimeout(this.lostTimer);
    if (this.ended || status === "connected") return;
    const words = "The connection to Python was lost";
    if (status === "disconnected") this.die(words);
    else this.lostTimer = setTimeout(() => this.die(words), LOST_MS);
  }

  /**
   * Tell that the kernel is lost, once, and clean up.
   *
   * @param {string} words why
   * @param {string} [remedy] what to do
   */
  die(words, remedy) {
    if (this.ended) return;
    this.onDeath(words, remedy);
    this.end();
  }
}
