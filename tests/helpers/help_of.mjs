/** Reads errors and their places from stdin, as JSON; writes the help for each, as JSON. */

import { readFileSync } from "node:fs";

import { helpFor } from "../../book/_static/live/help/help.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const told = asked.map(({ error, place }) => helpFor(error, place));
console.log(JSON.stringify(told));
