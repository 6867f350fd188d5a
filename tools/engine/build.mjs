// Bundles the engine's JavaScript: node build.mjs SOURCES WORK OUT
// SOURCES is tools/engine/js; WORK holds node_modules; OUT gets the bundles.

import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

const [sources, work, out] = process.argv.slice(2).map((arg) => path.resolve(arg));
const { build } = createRequire(path.join(work, 'package.json'))('esbuild');
const stub = (name) => path.join(sources, 'stubs', name);

// Modules replaced as a whole, by what they are imported as.
const REPLACED = [
  [/^@jupyterlab\/apputils$/, stub('apputils.js')],
  [/^@jupyterlite\/services$/, stub('lite-services.js')],
  [/^@jupyterlite\/services\/lib\/contents\/drivefs$/, stub('nothing.js')],
  [/^coincident$/, stub('nothing.js')],
  [/^ws$/, stub('nothing.js')],
];
// Files of packages replaced, by who imports them.
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

const common = {
  absWorkingDir: work,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  platform: 'browser',
  legalComments: 'linked',
  nodePaths: [path.join(work, 'node_modules')],
  alias: { path: 'path-browserify' },
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
  plugins: [replacing],
  logLevel: 'warning',
  outdir: out,
};
const entry = (name) => path.join(sources, name);

await build({
  ...common,
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  entryPoints: [entry('thebe.js'), entry('editor.js'), entry('kernel.js'), entry('thebe.css')],
});
await build({
  ...common,
  entryPoints: [entry('worker.js')],
});
