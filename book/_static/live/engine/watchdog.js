/** A timeout for the start of an engine, which may fail without an error. */

import { reasonOf } from "../base/words.js";

// How long a start may still show progress after an uncaught error of its scripts.
const SUSPICION_MS = 5000;

/** The error that a start rejects with when the reader cancels it. */
export class Cancelled extends Error {}

/**
 * Run a start, and reject when it shows no progress for too long.
 *
 * A kernel can fail without an error that reaches the start. An uncaught error of the
 * engine's scripts is a hint of such a failure: it shortens the wait to SUSPICION_MS,
 * and progress within that time makes the wait normal again.
 *
 * @template T
 * @param {(alive: () => void, signal: AbortSignal) => Promise<T>} begin the start,
 *   called at once; it calls `alive` at each sign of progress, and cleans up when
 *   `signal` aborts
 * @param {{quiet: number, suspect: string, cancel?: AbortSignal}} options `quiet`: the
 *   longest time without progress, in milliseconds; `suspect`: the address of the
 *   folder whose scripts are the engine's; `cancel`: aborts when the reader cancels the
 *   start
 * @returns {Promise<T>} resolves to the result of `begin`
 * @throws {Cancelled | Error} the promise rejects with Cancelled, with the error of
 *   `begin`, or after too long a wait with an Error whose message is the hint's or says
 *   how long there was no progress
 */
export function watched(begin, { quiet, suspect, cancel }) {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    let timer;
    const settle = (finish, value) => {
      clearTimeout(timer);
      window.removeEventListener("unhandledrejection", onRejection);
      window.removeEventListener("error", onError);
      cancel?.removeEventListener("abort", onCancel);
      finish(value);
    };
    const fail = (error) => {
      settle(reject, error);
      controller.abort(error);
    };
    const wait = (ms, words) => {
      clearTimeout(timer);
      timer = setTimeout(() => fail(new Error(words)), ms);
    };
    const alive = () => {
      if (controller.signal.aborted) return;
      wait(quiet, `nothing was heard from it for ${Math.round(quiet / 1000)} seconds`);
    };
    const hint = (error, origin) => {
      if (origin.includes(suspect)) wait(SUSPICION_MS, reasonOf(error));
    };
    const onRejection = ({ reason }) => hint(reason, String(reason?.stack));
    const onError = ({ error, message, filename }) => hint(error ?? message, filename);
    const onCancel = () => fail(new Cancelled("cancelled"));
    window.addEventListener("unhandledrejection", onRejection);
    window.addEventListener("error", onError);
    cancel?.addEventListener("abort", onCancel);
    alive();
    begin(alive, controller.signal).then((value) => settle(resolve, value), fail);
  });
}
