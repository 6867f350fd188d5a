/** A timeout for starts that fail in silence: armed before anything is begun. */

import { reasonOf } from "../base/words.js";

const SUSPICION_MS = 5000;

/** The error of a start that the reader gave up. */
export class Cancelled extends Error {}

/**
 * Run a start, and reject when there is no sign of progress for too long.
 *
 * Kernels can fail without a word. An uncaught error of the engine's scripts is taken
 * as a hint of that: it shortens the wait, and progress takes the hint back.
 *
 * @template T
 * @param {(alive: () => void, signal: AbortSignal) => Promise<T>} begin is called at
 *   once; it calls `alive` at each sign of progress, and cleans up when `signal` aborts
 * @param {{quiet: number, suspect: string, cancel?: AbortSignal}} options `quiet`:
 *   milliseconds without progress that are allowed; `suspect`: the address below which
 *   scripts count as the engine's; `cancel` aborts when the reader gives up
 * @returns {Promise<T>} what `begin` gives
 * @throws {Cancelled | Error} Cancelled, the error of `begin`, the hint, or an error
 *   that says how long nothing was heard
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
