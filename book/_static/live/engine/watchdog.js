/** Ends a start that fails in silence: it is armed before anything is begun. */

import { reasonOf } from "../base/words.js";

const SUSPICION_MS = 5000;

/** A start that was given up because the reader said so. */
export class Cancelled extends Error {}

/**
 * Run a start and fail it when nothing is heard of it for too long.
 *
 * Kernels can fail without a word. An error that nobody caught is taken as a hint:
 * it shortens the wait, and progress takes the hint back.
 *
 * @param {(alive: () => void, signal: AbortSignal) => Promise} begin is called now; it
 *   calls `alive` at each sign of progress, and ends what it began when `signal` fires.
 * @param {{quiet: number, suspect: string, cancel?: AbortSignal}} options `quiet` in
 *   milliseconds; `suspect` is the address below which scripts count as its own.
 * @returns what `begin` gives.
 * @throws its error, or one that says how long nothing was heard, or Cancelled.
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
