import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../test/setup/repository.ts';

/**
 * Prepares README.md for the page of the installed extension. That page doesn't resolve relative addresses,
 * so this removes the pictures and replaces the links with their text.
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
