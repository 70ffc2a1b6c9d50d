import { existsSync } from 'node:fs';
import { glob, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { repository, vsixFile } from '../../setup/repository.ts';
import { buildVsix } from '../../setup/vsix.ts';

/**
 * The packaged extension, built again only if a source is newer. `npm test` builds it before any test
 * file starts.
 */
export async function currentVsix(): Promise<string> {
  if (!existsSync(vsixFile)) return buildVsix();
  const built = (await stat(vsixFile)).mtimeMs;
  for await (const path of glob(['src/**', 'media/**', 'package*.json', 'esbuild.mjs'], {
    cwd: repository,
  })) {
    if ((await stat(join(repository, path))).mtimeMs > built) return buildVsix();
  }
  return vsixFile;
}
