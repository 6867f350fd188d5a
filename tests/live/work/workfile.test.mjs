import assert from "node:assert/strict";
import test from "node:test";

import { keepPassed } from "../../../book/_static/live/exercise/progress.js";
import { Refusal } from "../../../book/_static/live/work/refusal.js";
import { EditStore } from "../../../book/_static/live/base/edit-store.js";
import { editsIn, readWork, writeWork } from "../../../book/_static/live/work/workfile.js";
import { Shelf } from "../../helpers/shelf.mjs";

const HASH = "0123456789abcdef";
const MADE = new Date(0);
const OWN = {
  chapter: "01_tensor",
  module: "core.tensor",
  source: "class Tensor: pass",
  hash: HASH,
  time: 3,
};

function worked() {
  const storage = new Shelf({ "tinytorch:engine": "browser", other: "site" });
  keepPassed(storage, { id: "01-add", hash: HASH, time: 7 });
  const store = new EditStore("01_tensor", assert.fail, () => storage);
  store.save("01-add", 'print("ä ✓")', HASH);
  return storage;
}

test("what is written is read", () => {
  const work = readWork(writeWork(worked(), [OWN], MADE));
  assert.deepEqual(work.passed, [{ id: "01-add", hash: HASH, time: 7 }]);
  const edit = { chapter: "01_tensor", id: "01-add", text: 'print("ä ✓")', base: HASH };
  assert.deepEqual(work.edits, [edit]);
  assert.deepEqual(work.modules, [OWN]);
});

test("the file says what it is, and when it was made", () => {
  const data = JSON.parse(writeWork(new Shelf(), [], MADE));
  const { format, version, made } = data;
  assert.deepEqual([format, version, made], [
    "tinytorch-progress",
    1,
    "1970-01-01T00:00:00.000Z",
  ]);
});

test("damaged edits of the storage are left out of it", () => {
  const storage = worked();
  storage.setItem("tinytorch:edit:01_tensor:01-sub", "{broken");
  assert.deepEqual([...editsIn(storage).get("01_tensor").keys()], ["01-add"]);
});

test("files that are foreign, newer or damaged are refused whole", () => {
  const whole = JSON.parse(writeWork(worked(), [OWN], MADE));
  const change = (more) => JSON.stringify({ ...whole, ...more });
  const cases = [
    ["", /not JSON/],
    [change({}).slice(0, -20), /not JSON/],
    ["[1, 2]", /not a file of progress/],
    ['{"format": "something-else"}', /not a file of progress/],
    [change({ version: 2 }), /version 2/],
    [change({ passed: null }), /damaged.*passed/],
    [change({ passed: { "01-add": { short: 1 } } }), /damaged.*passed: 01-add/],
    [change({ passed: { "01-add": { [HASH]: "soon" } } }), /damaged.*passed/],
    [change({ edits: [] }), /damaged.*edits/],
    [change({ edits: { "../x": { "01-add": {} } } }), /damaged.*edits/],
    [change({ edits: { "01_a": { "01-add": { text: 7, hash: HASH } } } }), /damaged/],
    [change({ modules: [{ ...OWN, module: "../../os" }] }), /damaged.*modules/],
    ['{"format":"tinytorch-progress","version":1,"passed":{"__proto__":{}}}', /dama/],
  ];
  for (const [text, words] of cases) {
    assert.throws(() => readWork(text), (error) => {
      assert.ok(error instanceof Refusal, text);
      assert.match(error.message, words);
      return true;
    });
  }
});
