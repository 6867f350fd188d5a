/**
 * This page's cells and edit store, shared with modules that are loaded later (the
 * panel "Your work"). main.js sets them.
 */

/** @import { Cell } from "../cell/cell.js" */
/** @import { EditStore } from "./edit-store.js" */

/** @type {{cells: Cell[], store: ?EditStore, refresh: () => void}} */
export const here = {
  /**
   * The page's cells; empty on a page without cells, and until main.js has made them.
   */
  cells: [],
  /** The stored edits of this page's chapter; null as long as `cells` is empty. */
  store: null,
  /** Updates the status line, which counts edits: call it after importing a file. */
  refresh: () => undefined,
};
