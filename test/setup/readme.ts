import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from './repository.ts';

/**
 * README.md for the page of the installed extension. That page resolves relative addresses nowhere, so
 * pictures would be broken and links dead: without them it says the same in words.
 */
export function packagedReadme(readme: string): string {
  return readme
    .replace(/^!\[[^\]]*\]\((?!https?:)[^)]*\)\n+/gm, '')
    .replace(/\[([^\]]+)\]\((?!https?:|#)[^)]*\)/g, '$1');
}

if (import.meta.main) {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  await mkdir(join(repository, 'dist'), { recursive: true });
  await writeFile(join(repository, 'dist', 'README.md'), packagedReadme(readme));
}
