import { realpathSync } from 'node:fs';
import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context, transform } from 'esbuild';

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

/** Loads the late libraries from their own files beside extension.cjs, at their first use. */
const keepApart = {
  name: 'keep-apart',
  setup(b) {
    b.onResolve({ filter: new RegExp(`^(${LATE_LIBRARIES.join('|')})$`) }, ({ path, kind }) =>
      kind === 'import-statement' ? undefined : { path: `./${path}.cjs`, external: true },
    );
  },
};

/** Loaded with a large library, so it is a part of its own. */
const APART = 'mcpHandler.ts';

/**
 * Makes one part of all our files that the sources import when they need them. esbuild would make a file of
 * each, and one of what any two of them share: eighty files take longer to load than one large file.
 */
const oneLatePart = {
  name: 'one-late-part',
  setup(b) {
    b.onResolve({ filter: /^\./ }, ({ path, kind }) =>
      kind === 'dynamic-import' && basename(path) !== APART
        ? { path: 'late', namespace: 'late-part' }
        : undefined,
    );
    b.onLoad({ filter: /.*/, namespace: 'late-part' }, async () => {
      const entryPoints = await importedLate();
      const options = { entryPoints, outdir: DIST, format: 'esm', write: false, metafile: true };
      const { metafile } = await build({ ...options, absWorkingDir: root, outbase: root });
      const lines = Object.values(metafile.outputs).map(
        ({ entryPoint, exports }) => `export { ${exports.join(', ')} } from './${entryPoint}';`,
      );
      return { contents: lines.join('\n'), resolveDir: root };
    });
  },
};

/** Our files that other files load with import(), relative to the root. */
async function importedLate() {
  const found = new Set();
  for await (const file of glob('src/**/*.ts', { cwd: root })) {
    const text = await readFile(join(root, file), 'utf8');
    for (const [, path] of text.matchAll(/\bimport\('(\.[^']+)'\)/g)) {
      if (basename(path) !== APART) found.add(join(dirname(file), path));
    }
  }
  return [...found].sort();
}

/**
 * Writes a bundle of ECMAScript modules as CommonJS modules: esbuild splits only the former into files, and
 * extensions of the oldest supported VS Code are the latter.
 */
const writeCommonJs = {
  name: 'write-common-js',
  setup(b) {
    const { minify, sourcemap } = b.initialOptions;
    const options = {
      format: 'cjs',
      platform: 'node',
      target: bundling.target,
      // A native import() can't find the names that a minified CommonJS file exports.
      supported: { 'dynamic-import': false },
      minify,
      sourcemap,
    };
    b.onEnd(async ({ outputFiles = [] }) => {
      for await (const file of glob(join(DIST, 'chunk-*.cjs'))) await rm(file);
      await mkdir(DIST, { recursive: true });
      for (const { path, text } of outputFiles) {
        const { code } = await transform(text, { ...options, sourcefile: basename(path) });
        await writeFile(path, code);
      }
    });
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
      return {
        contents: `const api = require('vscode');\nconst of = (name) => api[name];\n${exports.join('\n')}`,
      };
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

const DIST = join(root, 'dist');

async function bundleExtension(production, watch) {
  const options = {
    ...bundling,
    absWorkingDir: root,
    outdir: DIST,
    outExtension: { '.js': '.cjs' },
    minify: production,
    sourcemap: production ? false : 'inline',
    logLevel: watch ? 'silent' : 'info',
  };
  const extension = {
    ...options,
    entryPoints: ['src/extension.ts'],
    format: 'esm',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    write: false,
    plugins: [
      keepApart,
      oneLatePart,
      ...bundling.plugins,
      writeCommonJs,
      ...(watch ? [problemMatcher] : []),
    ],
  };
  await build({ ...options, entryPoints: LATE_LIBRARIES });
  if (watch) await (await context(extension)).watch();
  else await build(extension);
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await bundleExtension(process.argv.includes('--production'), process.argv.includes('--watch'));
}
