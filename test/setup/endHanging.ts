import { after } from 'node:test';

const GRACE_MS = 30_000;

/**
 * Loaded into the process of every test file. Ends it when all its tests are over but something, such as
 * a timer or a connection, is left. The file then counts as failed.
 */
after(() => {
  const timer = setTimeout(() => {
    const left = process.getActiveResourcesInfo().join(', ');
    process.stderr.write(`The tests of this file are over, but something is left: ${left}.\n`);
    process.exit(1);
  }, GRACE_MS);
  timer.unref();
});
