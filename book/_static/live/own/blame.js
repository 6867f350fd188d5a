/** Finds the reader's own module that makes a cell of a later chapter fail. */

import { listed, titleOf } from "./framework.js";

/**
 * @import { RanCells, RunResult } from "../base/types.js"
 * @import { Job } from "../engine/runner.js"
 * @import { Session } from "../engine/session.js"
 * @import { Framework, Row } from "./framework.js"
 */

const USED = ["setup", "exercise", "demo"];
/** Errors no module is to blame for: nothing written yet, stopped, or not Python. */
const OTHERWISE = ["NotImplementedError", "KeyboardInterrupt", "SyntaxError"];

/**
 * Tell whether one of the reader's modules may be the cause of a failure.
 *
 * @param {Pick<Job, "cell" | "code" | "solution" | "stopped">} job
 * @param {RunResult} result
 * @param {Framework} framework
 * @returns {boolean}
 */
export function suspicious({ cell, code, solution, stopped }, result, framework) {
  const own = framework.rows.some(({ module }) => framework.runs(module));
  if (!own || stopped || result.status !== "error") return false;
  if (OTHERWISE.includes(result.name)) return false;
  // A published text runs with the reference, so its failure is the module's. An edited
  // one may be wrong itself: there the traceback has to pass through the module.
  const published = code === cell.published || Boolean(solution);
  return published || framework.rows.some((row) => leadsTo(result, row));
}

/**
 * Tell whether a traceback passes through the reader's module.
 *
 * @param {RunResult} result
 * @param {Row} row
 */
function leadsTo({ traceback = [] }, row) {
  return row.use === "yours" && traceback.join("\n").includes(`your ${titleOf(row)}`);
}

/**
 * Ask the kernel which modules make a cell fail.
 *
 * @param {Session} session
 * @param {Pick<Job, "cell" | "code">} job that failed
 * @param {RanCells} ran what ran on this kernel: the cell may need it
 * @returns {Promise<string[]>} the names of the modules; none where the cell fails
 *   with the reference too
 */
export async function culprits(session, { cell, code }, ran) {
  const before = [...ran].filter(([one]) => one !== cell && USED.includes(one.role));
  const cells = before.map(([one, run]) => [one.id, run.code]);
  const all = [...cells, [cell.id, code]];
  const { modules } = await session.ask({ ask: "blame", cells: all });
  return modules;
}

/**
 * Say in the failed cell whose fault it is.
 *
 * @param {Row[]} rows of the modules to blame
 * @returns {string}
 */
export function blameWords(rows) {
  const names = listed(rows.map((row) => `your ${titleOf(row)}`));
  const them = rows.length === 1 ? "it" : "them";
  return (
    `With the reference in place of ${names}, this runs. ` +
    `The cause is in ${them}, though the checks there passed.`
  );
}
