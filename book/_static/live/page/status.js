/** Makes the text of the status line. */

import { count, sentence } from "../base/words.js";

/** @import { Engine } from "../engine/interface.js" */
/** @import { Batch, Job } from "../engine/runner.js" */

const ALONE =
  "There is no network, and Python is not wholly kept in this browser: go live once while " +
  "you are connected.";

/**
 * Return the text before going live: what going live does, or why no engine can be
 * used.
 *
 * @param {Engine[]} engines
 * @param {?Engine} chosen null if no engine can be used
 * @param {number} edits how many cells have a stored edit
 */
export function invitation(engines, chosen, edits) {
  if (!chosen) {
    const whys = new Set(engines.map(({ why }) => why));
    const reasons = engines.map(({ label, why }) => sentence(`${label}: ${why}`));
    const told = whys.size === 1 ? sentence([...whys][0]) : reasons.join(" ");
    return `Nothing can run the cells here. ${told}`;
  }
  const holds = edits === 1 ? "holds" : "hold";
  const kept = edits ? ` ${count(edits, "cell")} ${holds} your edits.` : "";
  return `Go live to run and change the code on this page. ${chosen.note}${kept}`;
}

/**
 * Return the text after an engine has failed: the reason, and what the reader can do.
 *
 * @param {string} words the reason
 * @param {string | undefined} remedy what the reader can do; by default `engine.remedy`
 * @param {Engine} engine the engine that failed
 * @param {Engine[]} engines all engines
 */
export function failure(words, remedy, engine, engines) {
  const others = engines.some(({ why, name }) => why === null && name !== engine.name);
  const instead = others ? ", or choose another engine" : "";
  if (!navigator.onLine && engine.name === "browser") return `${sentence(words)} ${ALONE}`;
  return `${sentence(words)} ${remedy ?? engine.remedy}${instead}.`;
}

/**
 * Return the text while cells run.
 *
 * @param {Job} job the job that runs
 * @returns {{words: string, amount: string, done: number | undefined}} for Bar.say
 */
export function working({ cell, batch }) {
  const { kind, begun, total } = batch;
  // Screen readers read `words` out whenever they change, so what differs from cell to
  // cell goes into `amount`.
  const [words, amount = ""] = {
    one: [`Running ${cell.name}…`],
    many: ["Running", ` ${cell.name}…`],
    check: ["Checking", `: ${cell.name}…`],
    replay: ["Replaying", ` ${begun} of ${total}: ${cell.name}`],
  }[kind];
  return { words, amount, done: kind === "one" ? undefined : (begun - 1) / total };
}

/**
 * Return the text while nothing runs: how the last batch ended, and that cells can run.
 *
 * @param {Engine} engine
 * @param {string} version of Python; empty if unknown
 * @param {?Batch} batch the batch that has ended; null when Python has just started
 * @returns {{words: string, amount: string}} for Bar.say
 */
export function ready({ place, caution }, version, batch) {
  const python = version ? `Python ${version}` : "Python";
  const now = `Ready. ${python} ${place}. ${caution}`.trim();
  if (!batch) return { words: now, amount: "" };
  // Screen readers read `now` out after the start; in `amount` it is not read out
  // again.
  return { words: outcome(batch), amount: ` ${now}` };
}

/** Return a sentence that says how a batch ended. */
function outcome({ failed, kind, begun }) {
  const replay = kind === "replay";
  if (failed && kind === "one") return `${failed.cell.name}: ${failed.words}.`;
  if (failed && kind === "check") return "Checked.";
  const ended = replay ? "Replaying ended" : "Ended";
  if (failed) return `${ended} at ${failed.cell.name}: ${failed.words}.`;
  if (kind === "check") return "Checked.";
  return kind === "one" ? "Done." : `${count(begun, "cell")} ${replay ? "replayed" : "run"}.`;
}
