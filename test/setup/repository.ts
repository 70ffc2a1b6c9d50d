import { dirname, join, resolve } from 'node:path';

/** The folder of the clone. */
export const repository = resolve(import.meta.dirname, '..', '..');

/** `npm run package` writes the extension to this file. */
export const vsixFile = join(repository, 'dist', 'consul-exec.vsix');

/** The folder of the toolchain's Node, which runs this. It must be first on the PATH of children. */
export const nodeFolder = dirname(process.execPath);
