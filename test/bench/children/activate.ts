import { dirname, join } from 'node:path';
import { createRequire, registerHooks } from 'node:module';
import { readFileSync, writeSync } from 'node:fs';

/**
 * Replaces the extension host in a separate process: requires the bundle in the first argument, activates it
 * with the second argument as its storage folder, and prints how many milliseconds both took as JSON.
 */

/** Any access, call, or construction returns this same object. */
const anything: unknown = new Proxy(
  function () {
    /* the target of the proxy */
  },
  {
    get: (target: () => void, name) => {
      if (name === Symbol.toPrimitive) return () => '';
      if (name === Symbol.iterator) return () => [].values();
      if (name === 'prototype') return Reflect.get(target, name) as unknown;
      return name === 'then' ? undefined : anything;
    },
    set: () => true,
    apply: () => anything,
    construct: () => anything as object,
  },
);

/** The bundle reads the own properties of the `vscode` module, so the stub needs them too. */
const types = readFileSync(
  createRequire(import.meta.url).resolve('@types/vscode/index.d.ts'),
  'utf8',
);
const names = types.matchAll(
  /^\texport (?:abstract )?(?:class|const|enum|function|namespace) (\w+)/gm,
);
Object.assign(globalThis, {
  vscodeStub: {
    ...Object.fromEntries(Array.from(names, ([, name = '']) => [name, anything])),
    // For English there is no bundle of texts.
    l10n: { t: String, uri: undefined },
  },
});

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: 'stub:vscode', format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url === 'stub:vscode'
      ? { format: 'commonjs', source: 'module.exports = globalThis.vscodeStub', shortCircuit: true }
      : next(url, context),
});

interface Extension {
  activate(context: unknown): unknown;
}

/** The texts of the bundle and of the files that it requires at once. */
function filesOf(bundle: string): string {
  const text = readFileSync(bundle, 'utf8');
  const parts = text.matchAll(/= ?require\("(\.\/chunk-\w+\.cjs)"\)/g);
  return Array.from(parts, ([, path = '']) => readFileSync(join(dirname(bundle), path), 'utf8'))
    .concat(text)
    .join('\n');
}

/** Node's own modules that the bundle uses: an extension host loads them before any extension. */
const bundle = process.argv[2] ?? '';
const builtins = new Set(
  Array.from(filesOf(bundle).matchAll(/require\("(node:[\w/]+)"\)/g), ([, name = '']) => name),
);

const require = createRequire(import.meta.url);
const before = performance.now();
for (const name of builtins) require(name);
const started = performance.now();
const extension = require(bundle) as Extension;
const required = performance.now();
const own = { subscriptions: [], globalStorageUri: { fsPath: process.argv[3] } };
const context = new Proxy(own, {
  get: (target, name) =>
    (Reflect.has(target, name) ? Reflect.get(target, name) : anything) as unknown,
});
await extension.activate(context);
const activated = performance.now();
writeSync(
  1,
  JSON.stringify({
    builtins: started - before,
    require: required - started,
    activate: activated - required,
  }),
);
// The extension would keep this process running.
process.exit();
