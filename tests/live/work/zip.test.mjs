import assert from "node:assert/strict";
import test from "node:test";
import { deflateRawSync } from "node:zlib";

import { writeFramework } from "../../../book/_static/live/work/package-zip.js";
import { Refusal } from "../../../book/_static/live/work/refusal.js";
import { crc32, readZip, writeZip } from "../../../book/_static/live/work/zip.js";

const FILES = [
  { name: "a/ä.txt", text: "größer ✓\n".repeat(50) },
  { name: "empty", text: "" },
];
const all = () => true;

test("the checksum is the one of zip files", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

test("what is written is read, and the same files give the same bytes", async () => {
  const bytes = writeZip(FILES);
  const texts = await readZip(bytes, all);
  assert.deepEqual([...texts], FILES.map(({ name, text }) => [name, text]));
  assert.deepEqual(writeZip(FILES), bytes);
});

test("only what is wanted is read", async () => {
  const texts = await readZip(writeZip(FILES), (name) => name === "empty");
  assert.deepEqual([...texts.keys()], ["empty"]);
});

/** An archive of one file packed by deflate, with a comment, as other programs write. */
function packed(name, text) {
  const stored = writeZip([{ name, text }]);
  const data = new TextEncoder().encode(text);
  const small = deflateRawSync(data);
  const head = 30 + name.length;
  const central = stored.slice(head + data.length);
  const bytes = new Uint8Array([...stored.slice(0, head), ...small, ...central, 7, 7]);
  const view = new DataView(bytes.buffer);
  const directory = head + small.length;
  for (const [at, from] of [[0, 8], [directory, 10]]) {
    view.setUint16(at + from, 8, true);
    view.setUint32(at + from + 10, small.length, true);
  }
  const end = bytes.length - 24;
  view.setUint32(end + 16, directory, true);
  view.setUint16(end + 20, 2, true);
  return bytes;
}

test("packed files are read, too", async () => {
  const text = "line\n".repeat(1000);
  const texts = await readZip(packed("x.json", text), all);
  assert.equal(texts.get("x.json"), text);
});

test("what is no archive, or a damaged one, is refused in words", async () => {
  const whole = writeZip(FILES);
  const bent = whole.slice();
  bent[40] ^= 0xff; // inside of the first file
  const squeezed = packed("x", "line\n".repeat(1000));
  squeezed[33] ^= 0xff;
  const lost = whole.slice();
  new DataView(lost.buffer).setUint32(lost.length - 6, 0xffffff00, true);
  const cases = [
    new TextEncoder().encode("PK no archive at all, though it begins like one"),
    new Uint8Array(3),
    whole.slice(0, -30),
    bent,
    squeezed,
    lost,
  ];
  for (const [index, bytes] of cases.entries()) {
    await assert.rejects(readZip(bytes, all), Refusal, `case ${index}`);
  }
});

const chapters = [
  { number: "01", title: "Tensor", module: "core.tensor", exercises: [["01-a", ""]] },
  { number: "02", title: "Activations", module: "core.activations", exercises: [] },
];
const INIT = { "tinytorch/__init__.py": '__version__ = "0.1.0"\n' };

test("the reader's modules stand in place of the reference", async () => {
  const files = {
    ...INIT,
    "tinytorch/core/tensor.py": "reference",
    "tinytorch/core/activations.py": "reference",
  };
  const cells = { "01-a": "mine", "01-imports": "mine" };
  const own = [{ module: "core.tensor", source: "mine", cells }];
  const bytes = writeFramework({ whole: true, files }, own, chapters, "{}");
  const texts = await readZip(bytes, all);
  const text = (name) => texts.get(`tinytorch-yours/${name}`);
  assert.equal(text("tinytorch/core/tensor.py"), "mine");
  assert.equal(text("tinytorch/core/activations.py"), "reference");
  assert.match(text("pyproject.toml"), /version = "0\.1\.0\+yours"/);
  assert.match(text("README.md"), /01 Tensor \| tinytorch.core.tensor \| yours: 1 of 1 exercise \|/);
  assert.match(text("README.md"), /02 Activations .* \| reference/);
  assert.equal(text("tinytorch-progress.json"), "{}");
});

test("without a reference, a module that is missing says so", async () => {
  const own = [{ module: "core.tensor", source: "mine" }];
  const reference = { whole: false, files: INIT };
  const texts = await readZip(writeFramework(reference, own, chapters, "{}"), all);
  const told = texts.get("tinytorch-yours/tinytorch/core/activations.py");
  assert.match(told, /^raise ImportError\(/);
  assert.match(told, /checks of chapter 02/);
});
