import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../../setup/repository.ts';

export type Settings = Readonly<Record<string, unknown>>;

interface Manifest {
  readonly contributes: {
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly scope: string }>>;
    };
  };
}

/**
 * Splits settings by the file that a remote window reads them from: settings with machine scope come
 * only from the server's file, all others from the user's.
 */
export async function splitSettings(
  settings: Settings,
): Promise<{ readonly user: Settings; readonly machine: Settings }> {
  const manifest = await readFile(join(repository, 'package.json'), 'utf8');
  const { properties } = (JSON.parse(manifest) as Manifest).contributes.configuration;
  const isMachine = ([name]: [string, unknown]) =>
    properties[name]?.scope.startsWith('machine') === true;
  const all = Object.entries(settings);
  return {
    user: Object.fromEntries(all.filter((entry) => !isMachine(entry))),
    machine: Object.fromEntries(all.filter(isMachine)),
  };
}

/** Replaces the server's settings; an open window applies them a moment later. */
export async function writeMachineSettings(
  serverDataDir: string,
  settings: Settings,
): Promise<void> {
  const folder = join(serverDataDir, 'data', 'Machine');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings, undefined, 2));
}
