import assert from "node:assert/strict";
import test from "node:test";

import { helpFor } from "../../../book/_static/live/help/help.js";
import {
  addedIn,
  definedIn,
  nearest,
  signature,
  silent,
} from "../../../book/_static/live/help/help-names.js";

// test_help.py has the messages of this Python and numpy; here are other versions'.
const cells = (...texts) => texts.map((text, i) => ({ id: `c${i}`, text, ran: true }));
const say = (name, value, source = "", page = cells(source), more = {}) =>
  helpFor({ name, value, ...more }, { source, at: page.length - 1, cells: page })
    ?.words;

test("other versions of Python and numpy word it otherwise", () => {
  assert.match(
    say(
      "ValueError",
      "operands could not be broadcast together with shapes (2,3) (2,) ",
    ),
    /^Shapes \(2,3\) and \(2,\) do not fit/,
  );
  const product =
    "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc " +
    "signature (n?,k),(k,m?)->(n?,m?) (size 4 is different from 3)";
  assert.match(say("ValueError", product), /here 3 meets 4/);
  assert.match(
    say(
      "UnboundLocalError",
      "cannot access local variable 'x' where it is not associated with a value",
    ),
    /uses `x` before/,
  );
  assert.match(
    say("AttributeError", "'NoneType' object has no attribute 'shape'"),
    /^Something here is None, as/,
  );
  assert.match(
    say("ValueError", "The truth value of an array with more"),
    /takes all of them at once/,
  );
});

test("a line that cannot be read is told by its number", () => {
  const says = (message, source) =>
    say("SyntaxError", `${message} (<stdin>, line 2)`, source);
  assert.match(says("invalid syntax", "x = 1\nif x\n"), /Line 2 .* colon/);
  assert.match(says("invalid syntax", "x = 1\ny = = 2"), /cannot read line 2/);
  assert.match(says("unmatched ')'", ""), /^The `\)` on line 2 closes nothing/);
  assert.match(says("unterminated string literal (detected at line 2)", ""), /line 2/);
  assert.match(
    says("unindent does not match any outer indentation level", ""),
    /spaces/,
  );
  assert.match(
    says("invalid syntax. Maybe you meant '==' or ':=' instead of '='?", ""),
    /write `==`/,
  );
  assert.match(says("incomplete input", "print(\nf(1"), /ends before a bracket/);
  assert.match(says("incomplete input", "x = 1\ndef f(x):"), /Line 2 begins a block/);
  assert.equal(says("something new in Python 3.20", ""), undefined);
});

test("a name is looked for above, then below, then among like ones", () => {
  const page = [
    { id: "a", text: "base = 1", ran: false },
    { id: "b", text: "print(base, later, bsae)", ran: false },
    { id: "c", text: "later = 2", ran: false },
  ];
  const ask = (name) =>
    helpFor(
      { name: "NameError", value: `name '${name}' is not defined` },
      { source: page[1].text, at: 1, cells: page },
    );
  assert.match(ask("base").words, /in cell 1 of 3, which has not run yet/);
  assert.equal(ask("base").go, "a");
  assert.match(ask("later").words, /further down, in cell 3 of 3/);
  assert.match(ask("bsae").words, /mean `base`/);
  assert.equal(ask("bsae").go, null);
  assert.match(ask("quaternion").words, /No cell of this page defines/);
  page[0].ran = true;
  assert.match(ask("base").words, /in cell 1 of 3: run it again/);
  assert.equal(definedIn("base", page, 0), null, "not the cell that asks");
});

test("a function without a result is named, others are not", () => {
  assert.deepEqual(silent("def f(x):\n    x + 1\n\n\ndef g(x):\n    return x"), ["f"]);
  assert.deepEqual(silent('def f(x):\n    """Return x."""\n    x + 1'), ["f"]);
  assert.deepEqual(
    silent("class A:\n    def f(self):\n        1\n    def g(s):\n        return 2"),
    ["f"],
  );
  const quiet =
    "def test_f():\n    f()\n\ndef __init__(self):\n    pass\n\ndef show(x):\n    print(x)";
  assert.deepEqual(silent(quiet), []);
  assert.deepEqual(silent('def f(x):\n    raise NotImplementedError("c")'), []);
  const value = "'NoneType' object is not subscriptable";
  const page = cells("def f(x):\n    x + 1", "f(3)[0]");
  assert.match(say("TypeError", value, "f(3)[0]", page), /`f`, in cell 1 of 2, never/);
  assert.match(say("TypeError", value, "g(3)[0]", page), /as a function's result is/);
});

test("a signature is the one in this cell, or that of the class that is named", () => {
  const page = cells(
    "class A:\n    def go(self, x, size=(1, 2)):\n        pass",
    "class B:\n    def go(x):\n        pass",
    "@extend(A)\ndef stop(x: int):\n    pass",
  );
  assert.deepEqual(signature("go", "A", page, 2).parameters, ["self", "x", "size"]);
  assert.deepEqual(signature("go", null, page, 2).parameters, ["x"]);
  assert.equal(signature("stop", null, page, 0).method, true);
  assert.equal(signature("other", null, page, 2), null);
  const told = say(
    "TypeError",
    "stop() takes 1 positional argument but 2 were given",
    "",
    page,
  );
  assert.match(told, /`def stop\(x: int\)` lacks `self`/);
});

test("what is added to a class from outside is found", () => {
  const page = cells(
    "class T:\n    pass",
    "@extend(T)\ndef sum(self):\n    pass",
    "T.exp, T.log = 1, 2\nT.T = property(f)",
    "y = T.exp == 3",
  );
  assert.equal(addedIn("sum", "T", page), 1);
  for (const name of ["exp", "log", "T"]) assert.equal(addedIn(name, "T", page), 2);
  assert.equal(addedIn("sqrt", "T", page), null);
});

test("a misspelt word finds the nearest, if one is near", () => {
  assert.equal(nearest("shpae", ["shape", "shade"]), "shape");
  assert.equal(nearest("tensor", ["Tensor"]), "Tensor");
  assert.equal(nearest("x", ["y"]), null);
  assert.equal(nearest("relu", ["tanh"]), null);
});

test("what is no mistake of these kinds gets no sentence", () => {
  for (const [name, value] of [
    [
      "AssertionError",
      "relu(2.5): expected 2.5, got None (did you forget to return it?)",
    ],
    ["ValueError", "shapes are a matter of taste"],
    ["KeyboardInterrupt", ""],
    ["RuntimeError", "NoneType"],
    ["NotImplementedError", "Layer has no forward of its own"],
    ["ValueError", undefined],
  ]) {
    assert.equal(say(name, value), undefined, `${name}: ${value}`);
  }
  const item = { traceback: "in item(self)" };
  const words = "one number is needed here, but this Tensor has shape (2,)";
  assert.equal(
    say("ValueError", words, "x.item()", cells("x.item()"), item),
    undefined,
  );
});
