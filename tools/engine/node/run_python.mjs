// Runs a Python file in Pyodide under Node: node run_python.mjs WORK SCRIPT JOB
// WORK is a folder with node_modules/pyodide, SCRIPT the Python file, JOB a text. The
// script's global `job` is that text, and this machine's files are below /host.

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
// The file system's root, on Windows the root of WORK's drive, becomes /host.
const root = path.parse(path.resolve(work)).root;
python.FS.mkdirTree('/host');
python.FS.mount(python.FS.filesystems.NODEFS, { root }, '/host');
python.globals.set('job', job);
python.runPython(readFileSync(script, 'utf8'), { filename: script });
