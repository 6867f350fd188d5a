/**
 * The interface of the engines, the places where code can run: a Pyodide kernel in a
 * worker of this page, a Jupyter kernel on this computer, and Binder's. Types only: no
 * page loads this file.
 *
 * An `Engine` (engines.js) is a plain object. Its `start` gives a `Session`
 * (session.js), which is the same class for all three:
 *
 *     engine.start(tell, signal)       -> {session, version}
 *     session.execute(code, {cellId})  -> {status, ...}   runs a cell
 *     session.interrupt()              of use where `engine.interrupts`
 *     session.complete(text, position) -> {matches, start, end}
 *     session.ask(question)            -> an answer of tinytorch/own/answers.py
 *     session.onDeath(words, remedy)   called when the kernel is lost
 *     session.end(), session.leave()   shut it down; `leave` while the page unloads
 *
 * Lifecycle (lifecycle.js) starts and replaces sessions; Runner (runner.js) runs cells
 * on the one there is.
 */

/** @import { Session } from "./session.js" */

/**
 * @typedef {object} Engine
 * @property {"browser" | "computer" | "binder"} name
 * @property {string} label in the select: "This browser"
 * @property {string} place for sentences: "in this browser"
 * @property {string} note what a reader should know before going live
 * @property {string} caution what a reader should know while live; may be empty
 * @property {?string} why the reason it cannot be used here; null when it can
 * @property {string} hint that reason in a few words, for the select
 * @property {string} remedy what to do when a start fails
 * @property {string} [unfit] what to do when a start fails and would always fail here
 * @property {number} quiet milliseconds without progress after which a start has failed
 * @property {boolean} interrupts whether running code can be stopped and its state kept
 * @property {(tell: Tell, signal: AbortSignal) => Promise<Started>} start gives a
 *   kernel that has proved to run code; rejects when `signal` aborts
 */

/**
 * @callback Tell shows how far a start is
 * @param {string} words
 * @param {number} [done] from 0 to 1, where it is known
 * @returns {void}
 */

/** @typedef {{session: Session, version: string}} Started `version` is Python's */

/**
 * @typedef {any} Thebe the exports of the engine's thebe.js, a bundle without types:
 *   ThebeServer, makeConfiguration, makeRenderMime, PassiveCellRenderer
 */

/**
 * @typedef {object} Computer the Jupyter server that `make serve` runs, as the site's
 *   live/computer.json has it
 * @property {string} baseUrl
 * @property {string} token
 * @property {string} kernelName
 */

// What is used of Jupyter's protocol, of JupyterLab and of Thebe.

/**
 * @typedef {object} Reply a kernel's answer to a request, in Jupyter's protocol
 * @property {{status: string, ename?: string, evalue?: string, traceback?: string[]}} content
 */

/**
 * @typedef {object} Message output on a kernel's IOPub channel, in Jupyter's protocol
 * @property {{msg_type: string}} header
 * @property {{name?: string, text?: string}} content of a "stream" message
 */

/**
 * @typedef {object} Future JupyterLab's handle of one execute request
 * @property {Promise<Reply>} done
 * @property {(message: Message) => void} onIOPub
 */

/**
 * @typedef {object} Completion
 * @property {string[]} matches
 * @property {number} start where the completed text begins, in UTF-16 units
 * @property {number} end
 */

/**
 * @typedef {object} StatusSignal JupyterLab's signal that a status has changed
 * @property {(slot: (sender: unknown, status: string) => void) => void} connect
 */

/**
 * @typedef {object} Kernel what is used of JupyterLab's kernel connection
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
 * @typedef {object} ThebeSession what is used of Thebe's session
 * @property {string} id
 * @property {Kernel} kernel
 * @property {() => Promise<void>} shutdown
 * @property {() => void} dispose
 */

/**
 * @typedef {object} ThebeServer what is used of Thebe's server
 * @property {{baseUrl?: string, token?: string}} [settings]
 * @property {() => void} dispose
 */

export {};
