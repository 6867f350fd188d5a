import assert from "node:assert/strict";
import test from "node:test";

import {
  get,
  isFull,
  keyOf,
  nameOf,
  names,
  openStorage,
  orThrow,
  remove,
  set,
} from "../../../book/_static/live/base/storage.js";
import { EditStore, hash } from "../../../book/_static/live/base/edit-store.js";
import { Shelf } from "../../helpers/shelf.mjs";

const DENIED = new Error("denied");
const blocked = () => {
  throw DENIED;
};

test("entries are written and read under one prefix; other keys are not the book's", () => {
  const storage = openStorage(() => new Shelf({ other: "site" }));
  assert.equal(set(storage, "own:a", "1"), null);
  assert.equal(storage.getItem("tinytorch:own:a"), "1");
  assert.equal(get(storage, "own:a"), "1");
  assert.equal(get(storage, "own:b"), null);
  assert.deepEqual(names(storage, "own:"), ["own:a"]);
  assert.deepEqual([nameOf(keyOf("x")), nameOf("other"), nameOf(null)], ["x", null, null]);
  assert.equal(remove(storage, "own:a"), null);
  assert.deepEqual(names(storage, ""), []);
});

test("a blocked storage throws nothing, and what fails is said", () => {
  const storage = openStorage(blocked);
  assert.equal(get(storage, "x"), undefined);
  assert.deepEqual([set(storage, "x", "1"), remove(storage, "x")], [DENIED, DENIED]);
  assert.deepEqual(names(storage, ""), []);
  assert.throws(() => orThrow(set(storage, "x", "1")), /denied/);
});

test("a full storage is told from a blocked one", () => {
  const shelf = new Shelf();
  shelf.setItem = () => {
    throw Object.assign(new Error("no room"), { name: "QuotaExceededError" });
  };
  assert.equal(isFull(set(shelf, "x", "1")), true);
  assert.equal(isFull(DENIED), false);
  assert.equal(isFull(null), false);
});

function storeOn(open) {
  const told = [];
  return { told, store: new EditStore("01_x", (words) => told.push(words), open) };
}

test("an edit that another tab has written is put aside, not lost", () => {
  const shelf = new Shelf();
  const { store: mine } = storeOn(() => shelf);
  const { store: other } = storeOn(() => shelf);
  assert.equal(mine.load("a", "published"), null);
  other.load("a", "published");
  assert.equal(other.save("a", "theirs", "base"), false);
  assert.equal(mine.save("a", "mine", "base"), true);
  assert.deepEqual(mine.aside("a"), { text: "theirs", base: "base" });
  mine.dropAside("a");
  assert.equal(mine.aside("a"), null);
  assert.deepEqual(mine.kept(["a", "b"]), ["a"]);
  const again = storeOn(() => shelf).store.load("a", "published");
  assert.deepEqual(again, { text: "mine", base: "base", changed: true });
  mine.save("a", "mine", hash("published"));
  assert.equal(mine.load("a", "published").changed, false);
});

test("a damaged edit is moved aside and told", () => {
  const shelf = new Shelf({ "tinytorch:edit:01_x:a": "{broken" });
  const { store, told } = storeOn(() => shelf);
  assert.equal(store.load("a", "published"), null);
  const key = `tinytorch:damaged:01_x:a:${hash("{broken")}`;
  assert.deepEqual([...shelf.items], [[key, "{broken"]]);
  assert.equal(told.length, 1);
  assert.ok(told[0].includes(`“${key}”`));
});

test("each problem of a storage is told once", () => {
  const { store, told } = storeOn(blocked);
  assert.equal(store.load("a", "published"), null);
  assert.equal(store.save("a", "text", "base"), false);
  assert.deepEqual(store.kept(["a"]), []);
  assert.equal(told.length, 1);
  assert.match(told[0], /does not let the page store anything/);
});
