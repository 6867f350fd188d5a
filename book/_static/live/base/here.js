/**
 * Shared handle to this page's cells and edit store for lazily loaded modules (the work
 * panel); set by main.js.
 */

/** @import { Cell } from "../cell/cell.js" */
/** @import { EditStore } from "./edit-store.js" */

/** @type {{cells: Cell[], store: ?EditStore, refresh: () => void}} */
export const here = {
  /** The page's cells; empty on pages without any, and until main.js has made them. */
  cells: [],
  /** The edits of this page's chapter. */
  store: null,
  /** To call after edits were brought in from a file: the status line counts them. */
  refresh: () => undefined,
};
