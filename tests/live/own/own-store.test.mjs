import assert from "node:assert/strict";
import test from "node:test";

import {
  damagedModules,
  keepModule,
  moduleKey,
  ownModules,
} from "../../../book/_static/live/own/own-store.js";
import { Shelf } from "../../helpers/shelf.mjs";

const TENSOR = {
  chapter: "01_tensor",
  module: "core.tensor",
  source: "class Tensor:\n    pass\n",
  hash: "0123456789abcdef",
};

test("what is kept is listed, with when and whose cells", () => {
  const shelf = new Shelf({ "tinytorch:edit:01_tensor:01-class": "of another kind" });
  keepModule(shelf, { ...TENSOR, cells: { "01-a": "a = 1" }, time: 7 });
  keepModule(shelf, { ...TENSOR, module: "core.layers", chapter: "03_layers" });
  const [layers, tensor] = ownModules(shelf);
  assert.deepEqual(tensor, { ...TENSOR, time: 7, cells: { "01-a": "a = 1" } });
  assert.equal(layers.module, "core.layers");
  assert.ok(layers.time > 1e12);
  assert.deepEqual(layers.cells, {});
});

test("the same module is kept once, and is gone with its record", () => {
  const shelf = new Shelf();
  keepModule(shelf, TENSOR);
  keepModule(shelf, { ...TENSOR, source: "x = 2" });
  assert.deepEqual(
    ownModules(shelf).map(({ source }) => source),
    ["x = 2"],
  );
  shelf.removeItem(moduleKey("core.tensor"));
  assert.deepEqual(ownModules(shelf), []);
});

test("a damaged record is named, and set aside when another is kept", () => {
  const key = "tinytorch:own:core.tensor";
  for (const raw of ["{", "null", "[]", '{"version":1,"module":3}', '{"version":9}']) {
    const shelf = new Shelf({ [key]: raw });
    assert.deepEqual(ownModules(shelf), []);
    assert.deepEqual(damagedModules(shelf), ["core.tensor"]);
    keepModule(shelf, TENSOR);
    assert.deepEqual(damagedModules(shelf), []);
    const aside = [...shelf.items].filter(([name]) => name.includes("damaged:own"));
    assert.deepEqual(
      aside.map(([, value]) => value),
      [raw],
    );
  }
});

test("without a storage there is nothing", () => {
  assert.deepEqual(ownModules(null), []);
  assert.deepEqual(damagedModules(null), []);
});

test("what the storage throws comes through", () => {
  const shelf = new Shelf();
  shelf.setItem = () => {
    throw new Error("full");
  };
  assert.throws(() => keepModule(shelf, TENSOR), /full/);
});
