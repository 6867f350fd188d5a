import assert from "node:assert/strict";
import test from "node:test";

import { Framework } from "../../../book/_static/live/own/framework.js";
import { Keeper } from "../../../book/_static/live/own/keeper.js";
import { keepModule, ownModules } from "../../../book/_static/live/own/own-store.js";
import { Shelf } from "../../helpers/shelf.mjs";

const KNOWN = {
  number: "01",
  chapter: "01_tensor",
  title: "Tensor",
  module: "core.tensor",
  hash: "aa",
  exercises: ["01-a", "01-b"],
};
const DATA = [
  { id: "01-tools", role: "setup", source: "import math", export: false },
  { id: "01-class", role: "setup", source: "class T: pass", export: true },
  { id: "01-a", role: "exercise", source: "stub a", untouched: "solved a", export: true },
  { id: "01-a-check", role: "check", source: "check a", export: false },
  { id: "01-b", role: "exercise", source: "stub b", untouched: "solved b", export: true },
  { id: "01-b-check", role: "check", source: "check b", export: false },
];

function setUp(shelf = new Shelf()) {
  const told = [];
  const cells = DATA.map((data) => ({
    id: data.id,
    role: data.role,
    published: data.source,
    text: data.source,
    state: "ok",
    get edited() {
      return this.text !== this.published;
    },
  }));
  const framework = new Framework({ own: KNOWN, before: [] }, () => shelf);
  const keeper = new Keeper(framework, DATA, cells, (words) => told.push(words));
  const asked = [];
  const session = {
    leftOut: {},
    async ask(question) {
      asked.push(question);
      session.meanwhile?.();
      return { source: JSON.stringify(question.yours), leftOut: session.leftOut };
    },
  };
  const cell = (id) => cells.find((one) => one.id === id);
  const ran = new Map();
  const run = (id, text, solution = "") => {
    if (!solution) cell(id).text = text;
    ran.set(cell(id), { code: text, solution });
  };
  const pass = (id) => {
    const check = cell(`${id}-check`);
    keeper.note({ cell: check, code: check.published }, ran);
  };
  const kept = () => ownModules(shelf)[0];
  return { shelf, told, keeper, asked, session, cell, run, pass, kept };
}

test("what passes is kept, with the published text of the others", async () => {
  const { keeper, asked, session, run, pass, kept } = setUp();
  run("01-a", "my a");
  pass("01-a");
  const { exercises, words } = await keeper.settle(session);
  assert.deepEqual(exercises, ["01-a"]);
  assert.match(words, /Kept as your own/);
  const [question] = asked;
  assert.deepEqual(question.cells, [
    ["01-class", "class T: pass"],
    ["01-a", "solved a"],
    ["01-b", "solved b"],
  ]);
  assert.deepEqual(question.yours, { "01-a": "my a" });
  assert.deepEqual(question.tools, ["import math"]);
  assert.equal(question.title, "chapter 01, Tensor");
  const { cells, hash, module, chapter } = kept();
  assert.deepEqual(cells, { "01-a": "my a" });
  assert.deepEqual([hash, module, chapter], ["aa", "core.tensor", "01_tensor"]);
});

test("a published solution, or a check of one's own, makes nothing the reader's", async () => {
  const { keeper, asked, session, cell, run, pass } = setUp();
  run("01-a", "solved a", "published solution used");
  pass("01-a");
  run("01-b", "my b");
  keeper.note({ cell: cell("01-b-check"), code: "pass" }, new Map());
  assert.deepEqual(await keeper.settle(session), { exercises: [], words: "" });
  run("01-b", "my b");
  cell("01-b").text = "changed since it ran";
  pass("01-b");
  assert.deepEqual((await keeper.settle(session)).exercises, []);
  assert.deepEqual(asked, []);
});

test("what passed on other days stays, and edits of given cells come along", async () => {
  const { keeper, session, run, pass, kept } = setUp();
  run("01-a", "my a");
  pass("01-a");
  await keeper.settle(session);
  run("01-class", "class T: mine = 1");
  run("01-b", "my b");
  pass("01-b");
  await keeper.settle(session);
  const all = { "01-a": "my a", "01-b": "my b", "01-class": "class T: mine = 1" };
  assert.deepEqual(kept().cells, all);
  run("01-class", "class T: pass");
  run("01-a", "my other a");
  pass("01-a");
  await keeper.settle(session);
  assert.deepEqual(kept().cells, { "01-a": "my other a", "01-b": "my b" });
});

test("the same once more is not kept anew", async () => {
  const { keeper, asked, session, run, pass, kept } = setUp();
  run("01-a", "my a");
  pass("01-a");
  await keeper.settle(session);
  const { time } = kept();
  pass("01-a");
  assert.match((await keeper.settle(session)).words, /Kept/);
  assert.equal(kept().time, time);
  assert.equal(asked.length, 1);
});

test("what another tab keeps meanwhile is not overwritten", async () => {
  const { shelf, keeper, session, run, pass, kept } = setUp();
  session.meanwhile = () => {
    session.meanwhile = null;
    keepModule(shelf, { ...KNOWN, source: "other", cells: { "01-b": "b of the tab" } });
  };
  run("01-a", "my a");
  pass("01-a");
  await keeper.settle(session);
  assert.deepEqual(kept().cells, { "01-a": "my a", "01-b": "b of the tab" });
});

test("a cell that needs what stays on its page is not taken, and that is said", async () => {
  const { keeper, session, run, pass, kept } = setUp();
  session.leftOut = { "01-a": ["helper"] };
  run("01-a", "helper()");
  pass("01-a");
  const { words } = await keeper.settle(session);
  assert.match(words, /uses helper, which stays on this page/);
  assert.deepEqual(kept().cells, {});
});

test("a full storage, and Python that cannot, are said", async () => {
  const { shelf, keeper, session, run, pass, told } = setUp();
  shelf.setItem = () => {
    throw Object.assign(new Error("no"), { name: "QuotaExceededError" });
  };
  run("01-a", "my a");
  pass("01-a");
  await keeper.settle(session);
  assert.match(told[0], /storage for the site is full/);
  session.ask = async () => ({ problem: "SyntaxError: bad" });
  pass("01-a");
  await keeper.settle(session);
  assert.match(told[1], /SyntaxError: bad/);
});

test("a module from a file is set aside before it is made anew", async () => {
  const shelf = new Shelf();
  const source = '"""Your own.\n\nYour cells: 01-a, 01-b.\n"""';
  keepModule(shelf, { ...KNOWN, source, time: 5 });
  const { keeper, session, cell, run, pass, kept, told } = setUp(shelf);
  cell("01-a").text = "my a, brought along";
  run("01-b", "my b");
  cell("01-b").text = "my b";
  pass("01-b");
  await keeper.settle(session);
  assert.deepEqual(kept().cells, { "01-a": "my a, brought along", "01-b": "my b" });
  assert.deepEqual(told, [], "both texts are on the page: nothing is lost");
  const other = setUp(new Shelf(Object.fromEntries(shelf.items)));
  keepModule(other.shelf, { ...KNOWN, source, time: 6 });
  other.run("01-b", "my b");
  other.pass("01-b");
  await other.keeper.settle(other.session);
  assert.deepEqual(other.kept().cells, { "01-b": "my b" });
  const aside = JSON.parse(other.shelf.getItem("tinytorch:own-before:core.tensor:6"));
  assert.equal(aside.source, source);
  assert.match(other.told[0], /stays in this browser's storage/);
});
