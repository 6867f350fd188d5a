/** What eslint holds the repository's JavaScript to; run by tests/lint/test_javascript.py. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// The packages lie below _build, where Node would not look for them from here.
const installed = new URL("_build/lint/package.json", import.meta.url);
const require = createRequire(installed);
const js = require("@eslint/js");
const globals = require("globals");

const rules = {
  ...js.configs.recommended.rules,
  eqeqeq: "error",
  "no-implicit-globals": "error",
  "no-shadow": ["error", { builtinGlobals: false }],
  "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
  "no-var": "error",
  "prefer-const": "error",
};
const modules = (files, known) => ({
  files,
  languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: known },
  rules,
});
/** Rules for a part of sw.js: tools/site/offline joins the parts into one script. */
const workerPart = (name, others) => ({
  files: [`tools/site/offline/${name}`],
  languageOptions: {
    ecmaVersion: 2022,
    sourceType: "script",
    globals: { ...globals.serviceworker, ...Object.fromEntries(others) },
  },
  // A worker's globals are its own, and what one part defines another uses.
  rules: {
    ...rules,
    "no-implicit-globals": "off",
    "no-unused-vars": ["error", { vars: "local" }],
  },
});
const topLevel = (name) => {
  const url = new URL(`tools/site/offline/${name}`, import.meta.url);
  const defined = /^(?:(?:async )?function|const|let) (\w+)/gm;
  const found = [...readFileSync(url, "utf8").matchAll(defined)];
  return found.map(([line, word]) => [word, line.startsWith("let")]);
};

export default [
  { ignores: ["_build/**", ".venv/**"] },
  modules(["book/_static/live/**/*.js"], globals.browser),
  modules(["tools/engine/js/**/*.js"], { ...globals.browser, ...globals.worker }),
  modules(["tools/engine/**/*.mjs", "tests/**/*.mjs", "*.mjs"], globals.node),
  workerPart("builds.js", [["BUILD_OF_THE_SITE", false]]),
  workerPart("requests.js", topLevel("builds.js")),
  workerPart("retire.js", []),
];
