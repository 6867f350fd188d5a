import assert from "node:assert/strict";
import test from "node:test";

import { diff } from "../../../book/_static/live/code/diff.js";

const told = (before, after) =>
  diff(before, after).map(({ sign, line }) => sign + line);

test("equal texts differ in nothing", () => {
  assert.deepEqual(told("a\nb", "a\nb"), [" a", " b"]);
});

test("a line in place of another: the old one first", () => {
  assert.deepEqual(told("a\nb\nc", "a\nx\nc"), [" a", "-b", "+x", " c"]);
});

test("lines added and taken away at either end", () => {
  assert.deepEqual(told("a", "a\nb\nc"), [" a", "+b", "+c"]);
  assert.deepEqual(told("a\nb\nc", "c"), ["-a", "-b", " c"]);
});

test("each side can be read off again", () => {
  const before = "def f(x):\n    y = 1\n\n    return y\n";
  const after = "def f(x):\n\n    return x\n    y = 1\n";
  const lines = diff(before, after);
  const side = (other) => lines.filter(({ sign }) => sign !== other);
  const text = (part) => part.map(({ line }) => line).join("\n");
  assert.equal(text(side("+")), before);
  assert.equal(text(side("-")), after);
});
