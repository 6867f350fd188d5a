/** One kernel, from its start to its end. */

import { reasonOf } from "../base/words.js";

const LOST_MS = 12000;
const COMPLETION_MS = 3000;
const RECONNECT_MS = 3000;
const BREAKDOWN_MS = 100;
const AGAIN = "Start it again; what had run is then run again";

/** A running kernel of one of the engines. */
export class Session {
  /**
   * @param {object} thebe Thebe's session
   * @param {object} server Thebe's server, which ends with this session
   */
  constructor(thebe, server) {
    this.thebe = thebe;
    this.server = server;
    this.ended = false;
    /** Called with why the kernel is gone, and what to do if that is known here. */
    this.onDeath = () => {};
    const kernel = thebe.kernel;
    kernel.statusChanged.connect((_, status) => this.hearStatus(status));
    kernel.connectionStatusChanged.connect((_, status) => this.hearConnection(status));
  }

  /**
   * Run code.
   *
   * @param {string} code
   * @param {{cellId?: string, onFuture?: (future: object) => void}} options `cellId`
   *   names the code in tracebacks; `onFuture` gets the request before any answer to
   *   it, to show its output.
   * @returns {Promise<{status: "ok" | "error" | "ended", name?: string,
   *   value?: string, traceback?: string[]}>} "ended": the kernel is gone; never throws.
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
      // A kernel that breaks down lets go of its requests before it says so.
      await new Promise((resolve) => setTimeout(resolve, BREAKDOWN_MS));
      if (this.ended) return { status: "ended" };
      return { status: "error", name: "Error", value: reasonOf(error) };
    }
  }

  /**
   * Prove that the kernel runs code, and return its language's version ("3.13.2").
   *
   * @throws when it does not.
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
   * Ask the package about the reader's own framework; see tinytorch/own/page.py.
   *
   * @param {{ask: string}} question
   * @throws when the kernel is gone or cannot answer.
   */
  async ask(question) {
    const text = JSON.stringify(JSON.stringify(question));
    const module = '__import__("tinytorch.own.page", fromlist=["answer"])';
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

  /** Completions at a place of a text: `{matches, start, end}` or null. */
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

  /** Ask the running code to stop; whether it does, shows. */
  interrupt() {
    return this.thebe.kernel.interrupt().catch(() => undefined);
  }

  /** End the kernel for good, whatever it is doing. */
  async end() {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.lost);
    await this.reconnected();
    try {
      await this.thebe.shutdown();
    } catch {
      // a kernel that is gone already cannot be asked
    }
    this.thebe.dispose();
    this.server.dispose();
  }

  /** Wait a little for a connection that is being made anew: it cannot be cut off. */
  async reconnected() {
    const { kernel } = this.thebe;
    for (let waited = 0; waited < RECONNECT_MS; waited += 100) {
      if (kernel?.connectionStatus !== "connecting") return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Let the kernel end while the page goes: nothing can be waited for any more. */
  leave() {
    if (this.ended) return;
    this.ended = true;
    const { baseUrl, token } = this.server.settings ?? {};
    if (!token) return; // a kernel in the page ends with it
    const url = new URL(`api/sessions/${this.thebe.id}`, baseUrl);
    const headers = { Authorization: `token ${token}` };
    fetch(url, { method: "DELETE", headers, keepalive: true }).catch(() => undefined);
  }

  hearStatus(status) {
    if (status === "dead") this.die("Python ended unexpectedly", AGAIN);
    // The server starts a new kernel, an empty one, in place of one that broke down;
    // JupyterLab begins to connect to it after this signal.
    if (status === "autorestarting") {
      setTimeout(() => this.die("Python broke down", AGAIN));
    }
  }

  hearConnection(status) {
    clearTimeout(this.lost);
    if (this.ended || status === "connected") return;
    const words = "The connection to Python was lost";
    if (status === "disconnected") this.die(words);
    else this.lost = setTimeout(() => this.die(words), LOST_MS);
  }

  die(words, remedy) {
    if (this.ended) return;
    this.onDeath(words, remedy);
    this.end();
  }
}
