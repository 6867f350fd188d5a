// Runs a Python file in Pyodide under Node: node run_python.mjs WORK SCRIPT JOB
// WORK holds node_modules/pyodide. The script finds the JSON text JOB as
// `job`, and this machine's files below /host.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const [work, script, job] = process.argv.slice(2);
const require = createRequire(path.resolve(work, 'package.json'));
const home = path.dirname(require.resolve('pyodide/package.json'));
const { loadPyodide } = await import(pathToFileURL(path.join(home, 'pyodide.mjs')));

const python = await loadPyodide({ indexURL: home });
// Absolute names of this machine are found below /host (drives too).
const root = path.parse(path.resolve(work)).root;
python.FS.mkdirTree('/host');
python.FS.mount(python.FS.filesystems.NODEFS, { root }, '/host');
python.globals.set('job', job);
python.runPython(readFileSync(script, 'utf8'), { filename: script });
