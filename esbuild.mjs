import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Prints the lines that the problem matcher in .vscode/tasks.json parses. */
const problemMatcher = {
  name: 'problem-matcher',
  setup(b) {
    b.onStart(() => console.log('[watch] build started'));
    b.onEnd((result) => {
      for (const { text, location } of result.errors) {
        console.error(`✘ [ERROR] ${text}`);
        if (location) console.error(`    ${location.file}:${location.line}:${location.column}:`);
      }
      console.log('[watch] build finished');
    });
  },
};

/**
 * Libraries that activation doesn't need. They are most of the code, and parsing them would take longer
 * than parsing the extension itself.
 */
const LATE_LIBRARIES = ['markdown-it', 're2js', 'undici'];

/** Evaluates these libraries when they are first used, although the code imports them statically. */
const loadLate = {
  name: 'load-late',
  setup(b) {
    b.onResolve({ filter: /^(markdown-it|re2js)$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'late' } : undefined,
    );
    // Its only export is a class: the default, or in CommonJS the module itself.
    b.onLoad({ filter: /^markdown-it$/, namespace: 'late' }, ({ path }) => {
      const find = `const library = require('${path}');`;
      const create = 'return new (library.default ?? library)(...args);';
      const contents = `module.exports = function (...args) { ${find} ${create} };`;
      return { contents, resolveDir: root };
    });
    b.onLoad({ filter: /^re2js$/, namespace: 'late' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      const getters = names.map((name) => `get ${name}() { return require('${path}').${name} }`);
      return { contents: `module.exports = { ${getters.join(', ')} }`, resolveDir: root };
    });
  },
};

/** Our own code that comes with a large library: it is in a file of its own too. */
const LATE_PARTS = { mcp: 'src/assistants/mcp/mcpHandler.ts' };

/** Loads the late libraries and parts from their own files beside extension.cjs, at their first use. */
const keepApart = {
  name: 'keep-apart',
  setup(b) {
    for (const [name, path] of Object.entries(LATE_PARTS)) {
      b.onResolve({ filter: new RegExp(`/${basename(path)}$`) }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${name}.cjs`, external: true } : undefined,
      );
    }
    b.onResolve({ filter: new RegExp(`^(${LATE_LIBRARIES.join('|')})$`) }, ({ path, kind }) =>
      kind === 'import-statement' ? undefined : { path: `./${path}.cjs`, external: true },
    );
  },
};

/** What src/editor/base/newerApi.ts uses, which the types of the oldest supported version don't have. */
const NEWER_API = ['QuickInputButtonLocation'];

/**
 * Lets all files share the VS Code API. Otherwise esbuild makes a copy for each file: eighty copies of two
 * hundred properties take ten milliseconds of activation.
 */
const shareVscode = {
  name: 'share-vscode',
  setup(b) {
    b.onResolve({ filter: /^vscode$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'shared' } : { path, external: true },
    );
    b.onLoad({ filter: /.*/, namespace: 'shared' }, async () => {
      const types = fileURLToPath(import.meta.resolve('@types/vscode/index.d.ts'));
      const found = (await readFile(types, 'utf8')).matchAll(
        /^\s{1,4}export (?:abstract )?(?:class|const|enum|function|namespace) (\w+)/gm,
      );
      const names = new Set([...Array.from(found, ([, name]) => name), ...NEWER_API]);
      const exports = Array.from(names, (name) => {
        return `export const ${name} = /* @__PURE__ */ of('${name}');`;
      });
      return { contents: `const of = (name) => require('vscode')[name];\n${exports.join('\n')}` };
    });
  },
};

/** How the extension is bundled. The benchmarks bundle parts of it in the same way. */
export const bundling = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  // undici's own switch: leaves out its experimental second HTTP parser (166 kB).
  define: { esbuildDetection: 'true' },
  legalComments: 'none',
  plugins: [loadLate, shareVscode],
};

async function bundleExtension(production, watch) {
  const options = {
    ...bundling,
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    minify: production,
    sourcemap: !production,
    logLevel: watch ? 'silent' : 'info',
  };
  const extension = {
    ...options,
    entryPoints: ['src/extension.ts'],
    // A native import() can't find the names that a minified CommonJS file exports.
    supported: { 'dynamic-import': false },
    plugins: [keepApart, ...bundling.plugins, ...(watch ? [problemMatcher] : [])],
  };
  await build({ ...options, entryPoints: LATE_LIBRARIES });
  await build({ ...options, entryPoints: LATE_PARTS });
  if (watch) await (await context(extension)).watch();
  else await build(extension);
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await bundleExtension(process.argv.includes('--production'), process.argv.includes('--watch'));
}
