/** What a live page lends to modules that are loaded apart from it. */

export const here = {
  /** The page's cells (see Cell) once they can go live; none on other pages. */
  cells: [],
  /** The chapter's EditStore. */
  store: null,
  /** Told after edits were brought in from elsewhere. */
  refresh: () => undefined,
};
