import assert from "node:assert/strict";
import test from "node:test";

import { EditStore } from "../../../book/_static/live/base/edit-store.js";
import { markStale } from "../../../book/_static/live/code/stale.js";
import {
  notePassed,
  passedBy,
} from "../../../book/_static/live/exercise/passed.js";
import { passedIn } from "../../../book/_static/live/exercise/progress.js";
import { Framework } from "../../../book/_static/live/own/framework.js";
import { Keeper } from "../../../book/_static/live/own/keeper.js";
import { ownModules } from "../../../book/_static/live/own/own-store.js";
import { Shelf } from "../../helpers/shelf.mjs";

const exercise = { id: "01-add", published: "stub", text: "mine" };
const check = { id: "01-add-check", published: "assert", text: "assert" };
const demo = { id: "01-demo", published: "demo", text: "demo" };
const cells = [exercise, check, demo];
const own = new Map([[exercise, { code: "mine", solution: "" }]]);
const ok = { status: "ok" };

test("a check that runs well after the reader's own code has passed", () => {
  const job = { cell: check, code: "assert" };
  assert.equal(passedBy(job, ok, cells, own), exercise);
});

test("nothing has passed by", () => {
  const job = { cell: check, code: "assert" };
  const ran = (code, solution) => new Map([[exercise, { code, solution }]]);
  const cases = {
    "an error": [job, { status: "error" }, own],
    "a check that the reader changed": [{ ...job, code: "pass" }, ok, own],
    "a replay": [{ ...job, replayed: () => undefined }, ok, own],
    "a cell that is no check": [{ cell: demo, code: "demo" }, ok, own],
    "an exercise that has not run": [job, ok, new Map()],
    "the published solution": [job, ok, ran("solved", "published solution used")],
    "the stub": [job, ok, ran("stub", "")],
    "a text that is another by now": [job, ok, ran("older text", "")],
  };
  for (const [name, [ended, result, after]] of Object.entries(cases)) {
    assert.equal(passedBy(ended, result, cells, after), null, name);
  }
});

const MODULE = {
  number: "01",
  chapter: "01_tensor",
  title: "Tensor",
  module: "core.tensor",
  hash: "aa",
  exercises: ["01-add"],
};
const DATA = [
  { id: "01-tools", role: "setup", source: "def half(x): return x / 2", export: true },
  { id: "01-add", role: "exercise", source: "stub", untouched: "solved", export: true },
  { id: "01-add-check", role: "check", source: "assert add(1, 1) == 1", export: false },
];

/** A page in which the exercise has been solved with what the cell above it defines. */
function solvedPage() {
  globalThis.window = new EventTarget(); // hears that something has passed
  const shelf = new Shelf();
  const page = DATA.map((data) => ({
    ...data,
    published: data.source,
    text: data.source,
    stale: false,
    get edited() {
      return this.text !== this.published;
    },
    markStale() {
      this.stale = true;
    },
  }));
  const [above, solved, checking] = page;
  const framework = new Framework({ own: MODULE, before: [] }, () => shelf);
  const keeper = new Keeper(framework, DATA, page, () => {});
  const store = new EditStore("01_tensor", () => {}, () => shelf);
  const ran = new Map();
  const run = (cell, text = cell.text) => {
    const before = ran.get(cell)?.code;
    cell.text = text;
    cell.stale = false;
    ran.set(cell, { code: text, solution: "" });
    if (before !== undefined) markStale({ cell, before, code: text }, page, ran);
    const job = { cell, code: text };
    keeper.note(job, ran);
    notePassed(job, ok, { cells: page, runner: { ran }, store });
  };
  const kept = async () => {
    await keeper.settle({ ask: async () => ({ source: "made", leftOut: {} }) });
    return { map: [...passedIn(shelf).keys()], own: ownModules(shelf).length };
  };
  run(above);
  run(solved, "def add(a, b): return half(a + b)");
  return { above, solved, checking, run, kept };
}

test("the map and the reader's own module hold the same: what passes is in both", async () => {
  const { checking, run, kept } = solvedPage();
  run(checking);
  assert.deepEqual(await kept(), { map: ["01-add"], own: 1 });
});

test("a stale exercise has not passed: it is in neither, until it has run again", async () => {
  const { above, solved, checking, run, kept } = solvedPage();
  run(above, "def half(x): return 0.5 * x");
  assert.ok(solved.stale);
  run(checking);
  assert.deepEqual(await kept(), { map: [], own: 0 });
  run(solved);
  run(checking);
  assert.deepEqual(await kept(), { map: ["01-add"], own: 1 });
});
