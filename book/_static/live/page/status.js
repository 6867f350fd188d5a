/** What the status line says, in sentences. */

import { count, sentence } from "../base/words.js";

const ALONE =
  "There is no network, and Python is not wholly kept in this browser: go live once while " +
  "you are connected.";

/** Before going live: what that means with the chosen engine, or why it cannot be. */
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

/** Why an engine failed, and what to do. */
export function failure(words, remedy, engine, engines) {
  const others = engines.some(({ why, name }) => why === null && name !== engine.name);
  const instead = others ? ", or choose another engine" : "";
  if (!navigator.onLine && engine.name === "browser") return `${sentence(words)} ${ALONE}`;
  return `${sentence(words)} ${remedy ?? engine.remedy}${instead}.`;
}

/** What is being done: `{words, amount, done}`, see Bar.say. */
export function working({ cell, batch }) {
  const { kind, begun, total } = batch;
  // Of many cells only the beginning is read out, not each of them.
  const [words, amount = ""] = {
    one: [`Running ${cell.name}…`],
    many: ["Running", ` ${cell.name}…`],
    check: ["Checking", `: ${cell.name}…`],
    replay: ["Replaying", ` ${begun} of ${total}: ${cell.name}`],
  }[kind];
  return { words, amount, done: kind === "one" ? undefined : (begun - 1) / total };
}

/**
 * That cells can run, after what became of those that were asked for last: `{words,
 * amount}`, see Bar.say.
 */
export function ready({ place, caution }, version, batch) {
  const python = version ? `Python ${version}` : "Python";
  const now = `Ready. ${python} ${place}. ${caution}`.trim();
  if (!batch) return { words: now, amount: "" };
  // Where Python runs has been read out when it started.
  return { words: outcome(batch), amount: ` ${now}` };
}

function outcome({ failed, kind, begun }) {
  const replay = kind === "replay";
  if (failed && kind === "one") return `${failed.cell.name}: ${failed.words}.`;
  if (failed && kind === "check") return "Checked.";
  const ended = replay ? "Replaying ended" : "Ended";
  if (failed) return `${ended} at ${failed.cell.name}: ${failed.words}.`;
  if (kind === "check") return "Checked.";
  return kind === "one" ? "Done." : `${count(begun, "cell")} ${replay ? "replayed" : "run"}.`;
}
