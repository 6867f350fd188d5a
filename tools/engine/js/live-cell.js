// Thebe's code cell, which also tells the kernel the cell's id, for its tracebacks.

import ThebeCodeCell from 'thebe-core/dist/esm/cell.js';

export class LiveCodeCell extends ThebeCodeCell {
  /**
   * Runs the cell; the kernel names it after `id` in tracebacks.
   *
   * @param {string} [source] code to run in place of the cell's own
   * @returns {Promise<null | {id: string, height: number, width: number,
   *   error?: object[]}>} null when the kernel went away under it
   */
  async execute(source) {
    const session = this.session;
    const kernel = session?.kernel;
    if (!kernel) return super.execute(source);
    const metadata = { cellId: this.id };
    const named = {
      requestExecute: (content) => kernel.requestExecute(content, true, metadata),
    };
    this.session = { kernel: named };
    // The base class reads `session` before its first await.
    const done = super.execute(source);
    this.session = session;
    return done;
  }

  /** Leaves the outputs as they are: the page says why the kernel went away. */
  clearOnError() {}
}
