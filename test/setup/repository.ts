import { dirname, join, resolve } from 'node:path';

/** The clone's own folder. */
export const repository = resolve(import.meta.dirname, '..', '..');

/** Where `npm run package` puts the extension. */
export const vsixFile = join(repository, 'dist', 'consul-exec.vsix');

/** The folder of the Node that runs this, which is the toolchain's: children must find it first. */
export const nodeFolder = dirname(process.execPath);
