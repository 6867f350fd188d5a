/** A session: the connection to one running kernel, until the kernel ends. */

import { reasonOf } from "../base/words.js";

/**
 * @import { RunResult } from "../base/types.js"
 * @import { Completion, Future, ThebeServer, ThebeSession } from "./interface.js"
 */

const LOST_MS = 12000; // how long the connection may be away until the kernel is lost
const COMPLETION_MS = 3000; // how long to wait for an answer to a completion request
const RECONNECT_MS = 3000; // how long `end` waits while JupyterLab is connecting anew
const BREAKDOWN_MS = 100; // how long `execute` waits for the status after a breakdown
const AGAIN = "Start it again; what had run is then run again";

/** A running kernel of any of the engines; see interface.js. */
export class Session {
  /** Called once when the kernel is lost, with the reason and, if known here, advice.
   * @type {(words: string, remedy?: string) => void} */
  onDeath = () => {};

  /** Declares the kernel lost if the connection does not come back.
   * @type {ReturnType<typeof setTimeout> | undefined} */
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
   *   names the code in tracebacks; `onFuture` is called with the request, before the
   *   kernel answers, so that its output can be shown
   * @returns {Promise<RunResult>} status "ended" if the kernel is gone
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
      // When a kernel breaks down, JupyterLab first rejects its requests and then
      // signals the new status: wait for `hearStatus`, which gives a better reason.
      await new Promise((resolve) => setTimeout(resolve, BREAKDOWN_MS));
      if (this.ended) return { status: "ended" };
      return { status: "error", name: "Error", value: reasonOf(error) };
    }
  }

  /**
   * Run code that does nothing, to test that the kernel runs code.
   *
   * @returns {Promise<string>} the version of the kernel's Python, "3.13.2"; empty if
   *   the kernel does not say
   * @throws {Error} if the kernel is gone or the code fails
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
   * Call a function of the tinytorch package in the kernel that answers questions about
   * the reader's own framework.
   *
   * @param {{ask: "use" | "keep" | "blame", [argument: string]: unknown}} question
   *   `ask`: the function's key in ANSWERS of tinytorch/own/answers.py; the other
   *   properties are the function's arguments
   * @returns {Promise<any>} the function's result, through JSON
   * @throws {Error} if the kernel is gone, or the function raises an error
   */
  async ask(question) {
    const text = JSON.stringify(JSON.stringify(question));
    // An import statement would leave a name in the cells' namespace; this does not.
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
   * Return the kernel's completions for the name at the cursor. Never throws.
   *
   * @param {string} code the whole text of the cell
   * @param {number} position offset of the cursor in the text, in UTF-16 units
   * @returns {Promise<?Completion>} null if the kernel is busy or gone, or does not
   *   answer in time
   */
  async complete(code, position) {
    const kernel = this.thebe.kernel;
    if (this.ended || kernel.status !== "idle") return null;
    // Jupyter's protocol counts Unicode characters, JavaScript counts UTF-16 units.
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

  /** Ask the kernel to raise KeyboardInterrupt in the running code. Never throws. */
  interrupt() {
    return this.thebe.kernel.interrupt().catch(() => undefined);
  }

  /** Shut the kernel down, even while it runs code. Never throws. */
  async end() {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.lostTimer);
    await this.reconnected();
    try {
      await this.thebe.shutdown();
    } catch {
      // The kernel is gone already.
    }
    this.thebe.dispose();
    this.server.dispose();
  }

  /**
   * Wait while JupyterLab is connecting to the kernel, when the connection cannot be
   * closed, but not longer than RECONNECT_MS.
   */
  async reconnected() {
    const { kernel } = this.thebe;
    for (let waited = 0; waited < RECONNECT_MS; waited += 100) {
      if (kernel?.connectionStatus !== "connecting") return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Shut the kernel down while the page unloads, when no promise can be awaited. */
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

  /**
   * Handle a new status of the kernel.
   *
   * @param {string} status JupyterLab's name for the status: "idle", "dead", …
   */
  hearStatus(status) {
    if (status === "dead") this.die("Python ended unexpectedly", AGAIN);
    // The server replaces a kernel that broke down by a new, empty one. JupyterLab
    // begins to connect to the new kernel after this signal, so end the session only
    // then.
    if (status === "autorestarting") {
      setTimeout(() => this.die("Python broke down", AGAIN));
    }
  }

  /**
   * Handle a new status of the connection to the kernel.
   *
   * @param {string} status JupyterLab's name for the status: "connected", "connecting"
   *   or "disconnected"
   */
  hearConnection(status) {
    clearTimeout(this.lostTimer);
    if (this.ended || status === "connected") return;
    const words = "The connection to Python was lost";
    if (status === "disconnected") this.die(words);
    else this.lostTimer = setTimeout(() => this.die(words), LOST_MS);
  }

  /**
   * Call `onDeath` and end the session. Does nothing after the session has ended.
   *
   * @param {string} words the reason
   * @param {string} [remedy] advice to the reader
   */
  die(words, remedy) {
    if (this.ended) return;
    this.onDeath(words, remedy);
    this.end();
  }
}
