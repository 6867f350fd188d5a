/** Reads errors with their places from stdin, as JSON; writes what the page says of each. */

import { readFileSync } from "node:fs";

import { helpFor } from "../../book/_static/live/help/help.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const told = asked.map(({ error, place }) => helpFor(error, place));
console.log(JSON.stringify(told));
