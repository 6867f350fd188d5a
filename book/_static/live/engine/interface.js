/**
 * The interface of the engines, the places where code can run: a Pyodide kernel in a
 * worker of this page, a Jupyter kernel on this computer, and a Jupyter kernel on
 * Binder. Types only: no page loads this file.
 *
 * An `Engine` (engines.js) is a plain object. Its `start` resolves to a `Session`
 * (session.js), which is the same class for all three engines:
 *
 *     engine.start(tell, signal)       -> {session, version}
 *     session.execute(code, {cellId})  -> {status, ...}   runs code in the kernel
 *     session.interrupt()              works only if `engine.interrupts`
 *     session.complete(text, position) -> {matches, start, end}
 *     session.ask(question)            -> an answer of tinytorch/own/answers.py
 *     session.onDeath(words, remedy)   callback for a lost kernel
 *     session.end()                    shuts the kernel down
 *     session.leave()                  shuts the kernel down while the page unloads
 *
 * Lifecycle (lifecycle.js) starts and replaces sessions; Runner (runner.js) runs cells
 * on the current session.
 */

/** @import { Session } from "./session.js" */

/**
 * @typedef {object} Engine
 * @property {"browser" | "computer" | "binder"} name
 * @property {string} label its name in the select: "This browser"
 * @property {string} place its place as part of a sentence: "in this browser"
 * @property {string} note what the reader should know before going live
 * @property {string} caution what the reader should know while live; may be empty
 * @property {?string} why the reason why the engine cannot be used here; null if it can
 * @property {string} hint the reason `why` in a few words, for the select
 * @property {string} remedy what to do after a failed start
 * @property {string} [unfit] what to do after a start that will always fail here
 * @property {number} quiet milliseconds without progress after which a start has failed
 * @property {boolean} interrupts whether running code can be interrupted so that the
 *   kernel keeps its variables
 * @property {(tell: Tell, signal: AbortSignal) => Promise<Started>} start starts a
 *   kernel and tests that it runs code; rejects if that fails or `signal` aborts
 */

/**
 * @callback Tell shows the progress of a start
 * @param {string} words the step that is under way
 * @param {number} [done] the fraction of the step that is done, 0 to 1, if known
 * @returns {void}
 */

/** @typedef {{session: Session, version: string}} Started a running kernel; `version`:
 *   the version of its Python, "3.13.2" */

/**
 * @typedef {any} Thebe the exports of the engine's thebe.js, a bundle without types:
 *   ThebeServer, makeConfiguration, makeRenderMime, PassiveCellRenderer
 */

/**
 * @typedef {object} Computer the Jupyter server that `make serve` runs: the content of
 *   the site's live/computer.json
 * @property {string} baseUrl
 * @property {string} token
 * @property {string} kernelName
 */

// The parts of Jupyter's protocol, of JupyterLab and of Thebe that these modules use.

/**
 * @typedef {object} Reply a kernel's answer to a request, in Jupyter's protocol
 * @property {{status: string, ename?: string, evalue?: string, traceback?: string[]}} content
 */

/**
 * @typedef {object} Message a message on a kernel's IOPub channel, in Jupyter's
 *   protocol
 * @property {{msg_type: string}} header
 * @property {{name?: string, text?: string}} content its properties in a "stream"
 *   message
 */

/**
 * @typedef {object} Future JupyterLab's handle of one execute request
 * @property {Promise<Reply>} done
 * @property {(message: Message) => void} onIOPub
 */

/**
 * @typedef {object} Completion the kernel's answer to a request for completions
 * @property {string[]} matches texts that may replace the part from `start` to `end`
 * @property {number} start offset of the part to replace, in UTF-16 units
 * @property {number} end offset of its end, in UTF-16 units
 */

/**
 * @typedef {object} StatusSignal JupyterLab's signal that a status has changed
 * @property {(slot: (sender: unknown, status: string) => void) => void} connect
 */

/**
 * @typedef {object} Kernel the used properties of JupyterLab's kernel connection
 * @property {string} status
 * @property {string} connectionStatus
 * @property {Promise<{language_info?: {version?: string}}>} info
 * @property {StatusSignal} statusChanged
 * @property {StatusSignal} connectionStatusChanged
 * @property {(request: object, dispose?: boolean, metadata?: object) => Future}
 *   requestExecute
 * @property {(request: {code: string, cursor_pos: number}) => Promise<{content:
 *   {status: string, matches: string[], cursor_start: number, cursor_end: number}}>}
 *   requestComplete
 * @property {() => Promise<void>} interrupt
 */

/**
 * @typedef {object} ThebeSession the used properties of Thebe's session
 * @property {string} id
 * @property {Kernel} kernel
 * @property {() => Promise<void>} shutdown
 * @property {() => void} dispose
 */

/**
 * @typedef {object} ThebeServer the used properties of Thebe's server
 * @property {{baseUrl?: string, token?: string}} [settings]
 * @property {() => void} dispose
 */

export {};
