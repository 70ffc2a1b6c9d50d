import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onShutdown } from './shutdown.ts';

export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/**
 * Creates a folder in the system's temporary folder. It is removed by `remove` or when this process ends.
 */
export function temporaryFolder(purpose: string): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), `consul-exec-${purpose}-`));
  const removeNow = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  const forget = onShutdown(removeNow);
  return {
    path,
    remove() {
      forget();
      removeNow();
    },
  };
}
