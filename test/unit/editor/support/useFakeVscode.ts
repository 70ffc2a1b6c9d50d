import { registerHooks } from 'node:module';

/**
 * Makes `vscode` resolve to fakeVscode.ts. Import this module first, and modules that import `vscode`
 * dynamically after it.
 */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: new URL('fakeVscode.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});
