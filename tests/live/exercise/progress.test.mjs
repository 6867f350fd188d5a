import assert from "node:assert/strict";
import test from "node:test";

import {
  countPassed,
  keepPassed,
  passedIn,
} from "../../../book/_static/live/exercise/progress.js";
import { Shelf } from "../../helpers/shelf.mjs";

const NOW = "0123456789abcdef";
const BEFORE = "fedcba9876543210";

test("what has passed is kept by the hash of the published cell, the first time", () => {
  const storage = new Shelf();
  keepPassed(storage, { id: "01-add", hash: BEFORE, time: 5 });
  keepPassed(storage, { id: "01-add", hash: NOW, time: 9 });
  keepPassed(storage, { id: "01-add", hash: NOW, time: 7 });
  const times = passedIn(storage).get("01-add");
  assert.deepEqual([...times], [[BEFORE, 5], [NOW, 7]]);
});

test("what others keep, and what is damaged, is no progress", () => {
  const storage = new Shelf({
    "tinytorch:engine": "browser",
    "tinytorch:passed:01-a": "{broken",
    "tinytorch:passed:01-b": '{"version":2,"passed":{"0123456789abcdef":1}}',
    "tinytorch:passed:01-c": '{"version":1,"passed":{"nonsense":1}}',
    "tinytorch:passed:01-d": '{"version":1,"passed":null}',
  });
  assert.equal(passedIn(storage).size, 0);
  keepPassed(storage, { id: "01-a", hash: NOW, time: 1 });
  assert.equal(passedIn(storage).size, 1);
});

test("a chapter is counted by its texts of today", () => {
  const passed = new Map([
    ["01-a", new Map([[NOW, 1]])],
    ["01-b", new Map([[BEFORE, 1]])],
    ["02-z", new Map([[NOW, 1]])],
  ]);
  const exercises = [["01-a", NOW], ["01-b", NOW], ["01-c", NOW]];
  const marks = ["passed", "older", "open"];
  const counted = { total: 3, passed: 1, older: 1, marks };
  assert.deepEqual(countPassed(exercises, passed), counted);
});
