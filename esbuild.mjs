import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Prints the lines that the task's problem matcher in .vscode/tasks.json understands. */
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

/** What undici's index would be if src/consul/dispatcher.ts were all that uses it. */
const UNDICI_INDEX = `
const Dispatcher = require('./lib/dispatcher/dispatcher')
Object.assign(Dispatcher.prototype, {
  request: require('./lib/api/api-request'),
  connect: require('./lib/api/api-connect')
})
module.exports.Pool = require('./lib/dispatcher/pool')
module.exports.ProxyAgent = require('./lib/dispatcher/proxy-agent')
module.exports.buildConnector = require('./lib/core/connect')
`;

/** Parts that undici reaches for only in cases that never come up here, and why they do not. */
const UNDICI_UNUSED = {
  'lib/dispatcher/client-h2.js': 'allowH2 is false',
  'lib/dispatcher/socks5-proxy-agent.js': 'proxies speak http or https',
  'lib/web/fetch/body.js': 'no body is a form',
  'lib/web/fetch/formdata.js': 'no body is a form',
  'lib/web/webidl/index.js': 'no body is a form',
  // undici falls back on its parser built without SIMD, which every processor can run.
  'lib/llhttp/llhttp_simd-wasm.js': 'there is another build of it',
};

/**
 * Leaves out four fifths of undici: fetch, WebSocket, caches, mocks, HTTP/2, and three of the four
 * HTTP/1 parsers it carries.
 */
const trimUndici = {
  name: 'trim-undici',
  setup(b) {
    b.onLoad({ filter: /[\\/]undici[\\/]index\.js$/ }, () => ({ contents: UNDICI_INDEX }));
    b.onLoad({ filter: /[\\/]undici[\\/]lib[\\/]/ }, ({ path }) => {
      const part = path.replaceAll('\\', '/').split('/undici/').at(-1);
      const reason = UNDICI_UNUSED[part];
      if (reason === undefined) return undefined;
      const text = JSON.stringify(`undici/${part} is left out, since ${reason}`);
      return { contents: `module.exports = function () { throw new Error(${text}) }` };
    });
  },
};

/** Libraries that activation does without: two thirds of the code, and of the time to parse it. */
const LATER = ['re2js', 'undici'];

/** Evaluates re2js, which is imported as if at once, when an expression is first compiled. */
const loadRe2Late = {
  name: 'load-re2-late',
  setup(b) {
    b.onResolve({ filter: /^re2js$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'late' } : undefined,
    );
    b.onLoad({ filter: /.*/, namespace: 'late' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      const getters = names.map((name) => `get ${name}() { return require('${path}').${name} }`);
      return { contents: `module.exports = { ${getters.join(', ')} }`, resolveDir: root };
    });
  },
};

/** Leaves those libraries to files of their own beside the extension's, read when first used. */
const keepApart = {
  name: 'keep-apart',
  setup(b) {
    b.onResolve({ filter: new RegExp(`^(${LATER.join('|')})$`) }, ({ path, kind }) =>
      kind === 'import-statement' ? undefined : { path: `./${path}.cjs`, external: true },
    );
  },
};

/**
 * Lets all files share the editor's API. Otherwise each of them gets a copy of its own: eighty times
 * two hundred properties are ten milliseconds of activation.
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
      const names = new Set(Array.from(found, ([, name]) => name));
      const exports = Array.from(names, (name) => {
        return `export const ${name} = /* @__PURE__ */ of('${name}');`;
      });
      return { contents: `const of = (name) => require('vscode')[name];\n${exports.join('\n')}` };
    });
  },
};

/** How the extension is bundled; tests bundle parts of it in the same way. */
export const bundling = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  // undici's own switch for builds without its experimental second parser.
  define: { esbuildDetection: 'true' },
  legalComments: 'none',
  plugins: [trimUndici, loadRe2Late, shareVscode],
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
    // A native import() would look for the names that a minified file exports, and find none.
    supported: { 'dynamic-import': false },
    plugins: [keepApart, ...bundling.plugins, ...(watch ? [problemMatcher] : [])],
  };
  await build({ ...options, entryPoints: LATER });
  if (watch) await (await context(extension)).watch();
  else await build(extension);
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await bundleExtension(process.argv.includes('--production'), process.argv.includes('--watch'));
}
