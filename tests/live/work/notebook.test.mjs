import assert from "node:assert/strict";
import test from "node:test";

import {
  chapterOf,
  editsOf,
  fillIn,
  readNotebook,
} from "../../../book/_static/live/work/notebook.js";
import { Refusal } from "../../../book/_static/live/work/refusal.js";
import { hash } from "../../../book/_static/live/base/edit-store.js";

const STUB = 'def add(a, b):\n    raise NotImplementedError("01-add: replace this")';
const OWN = "def add(a, b):\n\n    return a + b";

function code(id, source, grading) {
  const metadata = { tinytorch: { role: "x", hash: hash(source) } };
  if (grading) metadata.nbgrader = { grade_id: id, ...grading };
  const lines = source.split(/(?<=\n)/);
  return { cell_type: "code", id, metadata, outputs: [], source: lines };
}

function published() {
  const cells = [
    { cell_type: "markdown", id: "01-text-00", metadata: {}, source: ["# One"] },
    code("01-setup", "import numpy"),
    code("01-add", STUB, { solution: true, locked: false }),
    code("01-add-check", "assert add(1, 2) == 3", { solution: false, locked: true }),
  ];
  const metadata = { tinytorch: { chapter: "01_one" } };
  return { cells, metadata, nbformat: 4, nbformat_minor: 5 };
}

const text = (notebook) => JSON.stringify(notebook);
const PUBLISHED = text(published());
const chapters = [
  { chapter: "00_none", exercises: [["00-x", "0"]] },
  { chapter: "01_one", exercises: [["01-add", "0"]] },
];

test("texts go in by id, checks stay, and nothing else changes", () => {
  const texts = new Map([["01-add", OWN], ["01-add-check", "pass"], ["01-gone", "x"]]);
  const filled = JSON.parse(fillIn(PUBLISHED, texts));
  const wanted = published();
  wanted.cells[2].source = ["def add(a, b):\n", "\n", "    return a + b"];
  assert.deepEqual(filled, wanted);
});

test("what was put in comes out", () => {
  const filled = fillIn(PUBLISHED, new Map([["01-add", OWN]]));
  const told = editsOf(readNotebook(filled), PUBLISHED);
  const base = hash(STUB);
  assert.deepEqual(told.edits, [{ id: "01-add", text: OWN, base }]);
  assert.deepEqual([told.foreign, told.checks, told.twice], [0, 0, []]);
});

test("a cell is known by its grade_id where its id was lost", () => {
  const notebook = published();
  delete notebook.cells[2].id;
  notebook.cells[2].source = OWN; // in one piece, as some programs write it
  assert.deepEqual(editsOf(notebook, PUBLISHED).edits[0].id, "01-add");
});

test("untouched cells are no edits: as published, as it was then, as released", () => {
  for (const source of [
    STUB,
    `${STUB}\n`,
    "def add(a, b):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
  ]) {
    const notebook = published();
    notebook.cells[2].source = source;
    assert.deepEqual(editsOf(notebook, PUBLISHED).edits, [], source);
  }
  const older = published();
  older.cells[1] = code("01-setup", "import older_things");
  assert.deepEqual(editsOf(older, PUBLISHED).edits, []);
});

test("a comment above the stub is the reader's, and comes along", () => {
  const notebook = published();
  notebook.cells[2].source = STUB.replace("    raise", "    # first a\n    raise");
  assert.equal(editsOf(notebook, PUBLISHED).edits.length, 1);
});

test("an edit of an older text keeps the hash that it began from", () => {
  const notebook = published();
  notebook.cells[2].metadata.tinytorch.hash = "0".repeat(16);
  notebook.cells[2].source = OWN;
  assert.equal(editsOf(notebook, PUBLISHED).edits[0].base, "0".repeat(16));
});

test("what is not taken is told", () => {
  const notebook = published();
  notebook.cells[3].source = "pass";
  notebook.cells.push({ cell_type: "code", id: "abc", metadata: {}, source: "1" });
  notebook.cells.push({ cell_type: "code", id: "empty", metadata: {}, source: "" });
  notebook.cells.push({ ...notebook.cells[2], id: "copied" });
  const told = editsOf(notebook, PUBLISHED);
  assert.deepEqual(told, { edits: [], foreign: 1, twice: ["01-add"], checks: 1 });
});

test("the chapter is the one named, or the one whose exercises it holds", () => {
  const notebook = published();
  assert.equal(chapterOf(notebook, chapters).chapter, "01_one");
  notebook.metadata = {};
  assert.equal(chapterOf(notebook, chapters).chapter, "01_one");
  notebook.metadata = { tinytorch: { chapter: "00_none" } }; // it holds none of those
  assert.equal(chapterOf(notebook, chapters).chapter, "01_one");
  notebook.cells = [];
  assert.equal(chapterOf(notebook, chapters), null);
});

test("what is no notebook is refused in words", () => {
  const cases = [
    ["{broken", /not JSON/],
    ["[]", /not a notebook/],
    ["null", /not a notebook/],
    ["{}", /no cells/],
    ['{"nbformat": 3, "worksheets": []}', /format 3/],
    ['{"nbformat": 4, "cells": 7}', /no cells/],
  ];
  for (const [content, words] of cases) {
    assert.throws(() => readNotebook(content), (error) => {
      assert.ok(error instanceof Refusal, content);
      assert.match(error.message, words);
      return true;
    });
  }
});
