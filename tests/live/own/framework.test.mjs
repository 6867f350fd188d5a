import assert from "node:assert/strict";
import test from "node:test";

import { blameWords, suspicious } from "../../../book/_static/live/own/blame.js";
import {
  Framework,
  account,
  listed,
  summary,
} from "../../../book/_static/live/own/framework.js";
import { keepModule, moduleKey } from "../../../book/_static/live/own/own-store.js";
import { Shelf } from "../../helpers/shelf.mjs";

const part = (number, title, module) => ({
  number,
  title,
  module,
  chapter: `${number}_x`,
  hash: "aa",
  page: "",
  exercises: [`${number}-a`, `${number}-b`],
});
const BEFORE = [part("01", "Tensor", "core.tensor"), part("03", "Layers", "core.layers")];
const OWN = {
  chapter: "01_x",
  module: "core.tensor",
  source: "x = 1",
  hash: "aa",
  cells: { "01-a": "x = 1" },
};

function made(shelf = new Shelf(), own = null) {
  return new Framework({ own, before: BEFORE }, () => shelf);
}

function answering(told) {
  const asked = [];
  return { asked, ask: async (question) => (asked.push(question), told) };
}

const uses = (framework) => framework.rows.map(({ use }) => use);

test("without anything kept all is the reference", async () => {
  const framework = made();
  assert.deepEqual(uses(framework), ["reference", "reference"]);
  const session = answering({});
  await framework.prepare(session);
  assert.deepEqual(session.asked, [], "and Python is asked for nothing");
  assert.equal(summary(framework.rows), "Built on the reference's Tensor and Layers");
});

test("what is kept is used, and said before anything runs", async () => {
  const shelf = new Shelf();
  keepModule(shelf, { ...OWN, time: 5 });
  const framework = made(shelf);
  assert.deepEqual(uses(framework), ["yours", "reference"]);
  assert.equal(summary(framework.rows), "Built on your own Tensor, and the reference's Layers");
  const session = answering({ "core.tensor": "" });
  await framework.prepare(session);
  const [{ modules }] = session.asked;
  const title = "chapter 01, Tensor";
  assert.deepEqual(modules, [{ module: "core.tensor", title, source: "x = 1" }]);
  assert.deepEqual(uses(framework), ["yours", "reference"]);
  assert.ok(!framework.outdated);
  keepModule(shelf, { ...OWN, module: "core.layers" });
  assert.ok(framework.outdated, "kept in another tab, after Python had started");
  assert.deepEqual(uses(framework), ["yours", "reference"], "what runs is told");
  shelf.removeItem(moduleKey("core.layers"));
  framework.accuse("core.tensor", "makes cell 3 fail");
  assert.ok(!framework.outdated);
  framework.choose("reference", "core.tensor");
  assert.ok(framework.outdated, "the running Python still has the reader's");
  framework.choose("yours", "core.tensor");
  keepModule(shelf, { ...OWN, time: 6 });
  assert.ok(framework.outdated, "another text of the same module");
});

test("a module that cannot be loaded is told, and the reference is in use", async () => {
  const shelf = new Shelf();
  keepModule(shelf, OWN);
  const framework = made(shelf);
  await framework.prepare(answering({ "core.tensor": "SyntaxError: no" }));
  assert.deepEqual(uses(framework), ["reference", "reference"]);
  assert.match(framework.rows[0].problem, /could not be loaded: SyntaxError: no/);
  assert.ok(framework.rows[0].own, "nothing of it is lost");
  assert.ok(!framework.outdated, "and the same would come of another start");
  keepModule(shelf, { ...OWN, time: 9 });
  assert.ok(framework.outdated);
  const silent = { ask: () => Promise.reject(new Error("gone")) };
  await framework.prepare(silent);
  assert.match(framework.rows[0].problem, /gone/);
});

test("one switch goes back to the reference, is remembered, and back", () => {
  const shelf = new Shelf();
  keepModule(shelf, OWN);
  keepModule(shelf, { ...OWN, module: "core.layers" });
  made(shelf).choose("reference");
  assert.deepEqual(uses(made(shelf)), ["reference", "reference"]);
  made(shelf).choose("yours", "core.layers");
  assert.deepEqual(uses(made(shelf)), ["reference", "yours"]);
  made(shelf).choose("yours");
  assert.deepEqual(uses(made(shelf)), ["yours", "yours"]);
  made(shelf).choose("reference", "core.tensor");
  assert.deepEqual(uses(made(shelf)), ["reference", "yours"]);
  made(shelf).choose("yours", "core.tensor");
  assert.deepEqual(uses(made(shelf)), ["yours", "yours"]);
});

test("a choice that cannot be kept holds on the page", () => {
  const shelf = new Shelf();
  keepModule(shelf, OWN);
  shelf.setItem = () => {
    throw new Error("full");
  };
  const framework = made(shelf);
  framework.choose("reference");
  assert.deepEqual(uses(framework), ["reference", "reference"]);
});

test("a blocked storage and a damaged choice leave the reference", () => {
  const blocked = new Framework({ own: null, before: BEFORE }, () => {
    throw new Error("blocked");
  });
  assert.deepEqual(uses(blocked), ["reference", "reference"]);
  assert.equal(blocked.kept, null);
  const shelf = new Shelf({ "tinytorch:framework": "{" });
  keepModule(shelf, OWN);
  assert.deepEqual(uses(made(shelf)), ["yours", "reference"]);
});

test("each module is accounted for in sentences", () => {
  const shelf = new Shelf({ "tinytorch:own:core.layers": "{" });
  keepModule(shelf, { ...OWN, hash: "bb" });
  const date = () => "today";
  const [tensor, layers] = made(shelf).rows;
  assert.match(account(tensor, date), /^yours, 1 of 2 exercises, kept on today\. It was/);
  assert.match(account(tensor, date), /earlier version of the chapter/);
  assert.match(account(layers, date), /cannot be read; it stays in this browser/);
  const framework = made(shelf);
  framework.choose("reference");
  assert.match(account(framework.rows[0], date), /^reference\. There is also yours/);
});

test("what is kept of the page's own chapter is found", () => {
  const shelf = new Shelf();
  keepModule(shelf, OWN);
  assert.equal(made(shelf, BEFORE[0]).kept.source, "x = 1");
  assert.equal(made(shelf, BEFORE[1]).kept, null);
});

test("published text that fails on the reader's modules is suspicious", async () => {
  const shelf = new Shelf();
  keepModule(shelf, OWN);
  const framework = made(shelf);
  const cell = { published: "f()" };
  const job = { cell, code: "f()", solution: "", stopped: false };
  const failed = { status: "error", name: "TypeError", traceback: [] };
  assert.ok(!suspicious(job, failed, framework), "nothing of the reader's is loaded");
  await framework.prepare(answering({ "core.tensor": "" }));
  assert.ok(suspicious(job, failed, framework));
  assert.ok(!suspicious({ ...job, stopped: true }, failed, framework));
  assert.ok(!suspicious(job, { ...failed, name: "NotImplementedError" }, framework));
  const edited = { ...job, code: "f(1)" };
  assert.ok(!suspicious(edited, failed, framework), "it is the cell's own");
  const traceback = ['File "your chapter 01, Tensor", line 3, in f'];
  assert.ok(suspicious(edited, { ...failed, traceback }, framework));
});

test("one or several are named", () => {
  assert.match(blameWords(BEFORE.slice(0, 1)), /your chapter 01, Tensor, this runs/);
  assert.match(blameWords(BEFORE), /Tensor and your chapter 03, Layers, .* in them/);
  assert.equal(listed(["a", "b", "c"]), "a, b and c");
});
