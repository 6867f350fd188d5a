// Bundles the engine's JavaScript with esbuild: node bundle.mjs SOURCES WORK OUT
// SOURCES is tools/engine/js, WORK a folder with node_modules, OUT the folder for the
// bundles.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

const [sources, work, out] = process.argv.slice(2).map((arg) => path.resolve(arg));
const { build } = createRequire(path.join(work, 'package.json'))('esbuild');
const stub = (name) => path.join(sources, 'stubs', name);

// Modules that are replaced wherever they are imported: [imported name, file to use].
const REPLACED = [
  [/^@jupyterlab\/apputils$/, stub('apputils.js')],
  [/^@jupyterlite\/services$/, stub('lite-services.js')],
  [/^@jupyterlite\/services\/lib\/contents\/drivefs$/, stub('nothing.js')],
  [/^coincident$/, stub('nothing.js')],
  [/^ws$/, stub('nothing.js')],
];
// Files that are replaced inside packages: [imported name, path of the importing file,
// file to use].
const REPLACED_WITHIN = [
  [/^\.\/session$/, /thebe-core/, path.join(sources, 'live-session.js')],
  [/^\.\/manager$/, /thebe-core/, stub('manager.js')],
  [/^\.\/rendermime$/, /thebe-core/, stub('thebe-rendermime.js')],
  [/^\.\/_pypi$/, /pyodide-kernel/, stub('nothing.js')],
];

const replacing = {
  name: 'replacing',
  setup(builder) {
    for (const [filter, target] of REPLACED) {
      builder.onResolve({ filter }, () => ({ path: target }));
    }
    for (const [filter, importer, target] of REPLACED_WITHIN) {
      builder.onResolve({ filter }, (args) =>
        importer.test(args.importer) ? { path: target } : undefined
      );
    }
  },
};

// The oldest browsers that the book supports. esbuild translates syntax for them;
// tests/live/test_old_browsers.py looks for features that it cannot translate, such as
// the iteration of a stream.
const OLDEST = ['chrome108', 'firefox115', 'safari16.4'];

const common = {
  absWorkingDir: work,
  bundle: true,
  minify: true,
  format: 'esm',
  target: OLDEST,
  platform: 'browser',
  legalComments: 'none',
  metafile: true,
  nodePaths: [path.join(work, 'node_modules')],
  alias: { path: 'path-browserify' },
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
  plugins: [replacing],
  logLevel: 'warning',
  outdir: out,
};
// Returns esbuild's entry point for a source file, "NAME.js"; or for a pair of a source
// file and another name for its bundle.
const entry = (names) => {
  const [source, name] = [names].flat();
  return { in: path.join(sources, source), out: path.parse(name ?? source).name };
};

const page = await build({
  ...common,
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  entryPoints: [
    'thebe.js',
    ['codemirror-editor.js', 'editor.js'],
    'server.js',
    'thebe.css',
  ].map((names) => entry(names)),
});
// Each of these bundles is a single file, so that a worker starts without waiting for
// further files.
const starting = await build({
  ...common,
  external: ['./server.js'],
  entryPoints: ['kernel.js', ['kernel-worker.js', 'worker.js']].map((names) => entry(names)),
});
writeLicenses([page.metafile, starting.metafile]);

/**
 * Writes LICENSES.txt: the licenses of all packages in the bundles, and of Pyodide.
 *
 * @param {import('esbuild').Metafile[]} metafiles of the bundles
 */
function writeLicenses(metafiles) {
  const folders = new Set(['node_modules/pyodide']);
  for (const file of metafiles.flatMap((metafile) => Object.keys(metafile.inputs))) {
    const found = file.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/);
    if (found) folders.add(found[0]);
  }
  const parts = [...folders].sort().map((name) => {
    const folder = path.join(work, name);
    const about = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((other) => /^licen[cs]e/i.test(other));
    const text = file ? readFileSync(path.join(folder, file), 'utf8').trim() : '';
    const title = `${about.name} ${about.version} (${about.license})`;
    return `${title}\n${'-'.repeat(title.length)}\n\n${text || about.homepage || ''}\n`;
  });
  writeFileSync(path.join(out, 'LICENSES.txt'), parts.join('\n'));
}
