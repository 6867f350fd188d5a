/**
 * Makes the zip of the reader's framework: the package with the reader's own modules.
 */

import { count } from "../base/words.js";
import { writeZip } from "./zip.js";

/**
 * @import { ChapterEntry } from "../base/types.js"
 * @import { OwnModule } from "../own/own-store.js"
 */

/** The name of the file of progress and edits; see workfile.js. */
export const WORK_FILE = "tinytorch-progress.json";
const FOLDER = "tinytorch-yours";

/**
 * Return the bytes of a zip that pip can install.
 *
 * @param {{whole: boolean, files: Record<string, string>}} reference the site's
 *   package.json: `files`: texts of the package's files, by path; `whole`: whether the
 *   chapters' modules are among them, which a course does not publish
 * @param {OwnModule[]} own the reader's modules
 * @param {ChapterEntry[]} chapters
 * @param {string} work text of the file of progress and edits
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function writeFramework(reference, own, chapters, work) {
  const files = { ...reference.files };
  for (const { module, number } of chapters) {
    const path = moduleFile(module);
    if (module && !(path in files)) files[path] = refusing(module, number);
  }
  for (const { module, source } of own) files[moduleFile(module)] = source;
  const version = /^__version__ = "(.+)"$/m.exec(files["tinytorch/__init__.py"])[1];
  const listed = [
    { name: "pyproject.toml", text: pyproject(version) },
    { name: "README.md", text: readme(own, chapters, reference.whole) },
    { name: WORK_FILE, text: work },
    ...Object.keys(files)
      .sort()
      .map((name) => ({ name, text: files[name] })),
  ];
  const within = ({ name, text }) => ({ name: `${FOLDER}/${name}`, text });
  return writeZip(listed.map(within));
}

/**
 * Return how much of a module is the reader's: "yours: 3 of 7 exercises", or just
 * "yours" for a module whose cells are not known.
 *
 * @param {Pick<OwnModule, "cells">} own
 * @param {Pick<ChapterEntry, "exercises">} chapter
 * @returns {string}
 */
export function shareOf({ cells = {} }, { exercises }) {
  if (!Object.keys(cells).length) return "yours";
  const solved = exercises.filter(([id]) => id in cells).length;
  return `yours: ${solved} of ${count(exercises.length, "exercise")}`;
}

function moduleFile(module) {
  return `tinytorch/${module.replaceAll(".", "/")}.py`;
}

/**
 * Return the text of a stand-in for a missing module: its import raises ImportError.
 */
function refusing(module, number) {
  const words =
    `tinytorch.${module} is not in this package: its reference is not published with ` +
    `this course, and the checks of chapter ${number} had not all passed on the page ` +
    "when the package was made. Solve the chapter and take the package again.";
  return `raise ImportError(\n    ${JSON.stringify(words)}\n)\n`;
}

function pyproject(version) {
  return `[build-system]
requires = ["setuptools>=64"]
build-backend = "setuptools.build_meta"

[project]
name = "tinytorch"
version = "${version}+yours"
description = "TinyTorch, with modules of your own"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["numpy>=2.0,<3"]

[tool.setuptools.packages.find]
include = ["tinytorch*"]
`;
}

/**
 * Return the text of the package's README.md.
 *
 * @param {OwnModule[]} own the reader's modules
 * @param {ChapterEntry[]} chapters
 * @param {boolean} whole see writeFramework
 */
function readme(own, chapters, whole) {
  const rows = chapters
    .filter(({ module }) => module)
    .map((chapter) => {
      const { module, number, title } = chapter;
      const mine = own.find((one) => one.module === module);
      const rest = whole ? "reference" : "not there yet";
      const whose = mine ? shareOf(mine, chapter) : rest;
      return `| ${number} ${title} | tinytorch.${module} | ${whose} |`;
    });
  return `# TinyTorch, with your own modules

The package of the book, as it stood on your pages. Install it with

    python -m pip install ${FOLDER}.zip

| chapter | module | whose |
|---|---|---|
${rows.join("\n")}

\`${WORK_FILE}\` holds your progress and your edits. Choose this zip, or that file,
under "Your work" on a page of the book to bring them back in.
`;
}
