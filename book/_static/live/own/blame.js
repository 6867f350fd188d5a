/** Finds the reader's own module that makes a cell of a later chapter fail. */

import { listed, named } from "./framework.js";

const USED = ["setup", "exercise", "demo"];
/** What is not worth a look: nothing was written yet, or the reader stopped it. */
const OTHERWISE = ["NotImplementedError", "KeyboardInterrupt", "SyntaxError"];

/**
 * Whether a failure may come from a module of the reader's.
 *
 * @param {{cell: Cell, code: string, solution: string, stopped: boolean}} job
 * @param {object} result of the run
 * @param {Framework} framework
 */
export function suspicious({ cell, code, solution, stopped }, result, framework) {
  const own = framework.rows.some(({ module }) => framework.runs(module));
  if (!own || stopped || result.status !== "error") return false;
  if (OTHERWISE.includes(result.name)) return false;
  // As published it runs with the reference; an edited cell has to lead there.
  const published = code === cell.published || Boolean(solution);
  return published || framework.rows.some((row) => leads(result, row));
}

/** Whether a traceback passes through the reader's module. */
function leads({ traceback = [] }, row) {
  return row.use === "yours" && traceback.join("\n").includes(`your ${named(row)}`);
}

/**
 * Ask the kernel which modules make a cell fail.
 *
 * @param {Session} session
 * @param {{cell: Cell, code: string}} job that failed
 * @param {Map} ran what ran on this kernel, see Runner
 * @returns {Promise<string[]>} the names of the modules; none where the cell fails
 *   with the reference too
 */
export async function culprits(session, { cell, code }, ran) {
  const before = [...ran].filter(([one]) => one !== cell && USED.includes(one.role));
  const cells = before.map(([one, run]) => [one.id, run.code]);
  const question = { ask: "blame", cells: [...cells, [cell.id, code]] };
  const { modules } = await session.ask(question);
  return modules;
}

/** What is to be said in the cell, of one module or of several. */
export function verdict(rows) {
  const names = listed(rows.map((row) => `your ${named(row)}`));
  const them = rows.length === 1 ? "it" : "them";
  return (
    `With the reference in place of ${names}, this runs. ` +
    `The cause is in ${them}, though the checks there passed.`
  );
}
