import assert from "node:assert/strict";
import test from "node:test";

import { affected, classesOf, defines, uses } from "../../../book/_static/live/code/stale.js";

const names = (text) => [...defines(text)].sort();

test("assignments, functions, classes and imports define names", () => {
  assert.deepEqual(names("x = 1\na, b = 2, 3\nn: int = 4\n    inner = 5"), [
    "a",
    "b",
    "n",
    "x",
  ]);
  assert.deepEqual(names("def f():\n    y = 1\n\nclass C:\n    z = 2"), ["C", "f"]);
  assert.deepEqual(names("import numpy as np\nfrom a.b import c, d as e"), [
    "c",
    "e",
    "np",
  ]);
  assert.deepEqual(names("x == 1\nf(y=2)"), []);
});

test("a method is found by its dot, an operator by its class", () => {
  assert.deepEqual(names("@extend(Tensor)\ndef relu(self):\n    pass"), [".relu"]);
  assert.deepEqual(names("@extend(Tensor)\ndef __add__(self, o):\n    pass"), [
    "Tensor",
  ]);
  assert.ok(uses("x.relu()", [".relu"]));
  assert.ok(!uses("relu(x)", [".relu"]));
});

test("words count, parts of words, comments and docstrings do not", () => {
  assert.ok(uses("y = x + 1", ["x"]));
  assert.ok(!uses('xs = 1  # x\n"""of x"""\nobject.x', ["x"]));
});

test("what depends on a cell that no longer fits does not fit either", () => {
  const below = ["y = x + 1", "print(z)", "print(y)"];
  assert.deepEqual(affected(new Set(["x"]), below), [true, false, true]);
});

test("a name defined anew is another from there on", () => {
  assert.deepEqual(affected(new Set(["x"]), ["x = 2", "print(x)"]), [false, false]);
});

test("cells that extend a class do not fit once it is defined again", () => {
  const extending = "@extend(Tensor)\ndef __add__(self, o):\n    pass";
  const classes = classesOf("class Tensor:\n    pass");
  assert.deepEqual([...classes], ["Tensor"]);
  assert.deepEqual(affected(classes, [extending, "print(1)"]), [true, false]);
});
