// Thebe's code cell, which also sends the cell's id to the kernel, for its tracebacks.

import ThebeCodeCell from 'thebe-core/dist/esm/cell.js';

export class LiveCodeCell extends ThebeCodeCell {
  /**
   * Runs the cell; tracebacks show the cell's `id` as its file name.
   *
   * @param {string} [source] code to run in place of the cell's own
   * @returns {Promise<null | {id: string, height: number, width: number,
   *   error?: object[]}>} null when the kernel died or was stopped during the run
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

  /** Keeps the outputs, which Thebe would clear: the page reports a dead kernel. */
  clearOnError() {}
}
