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
 * Parts settings by where a window on a remote server reads them: those of scope machine only from
 * the server's own file, all others from the user's.
 */
export async function partSettings(
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

/** Replaces the server's own settings; a window that is open follows a moment later. */
export async function writeMachineSettings(
  serverDataDir: string,
  settings: Settings,
): Promise<void> {
  const folder = join(serverDataDir, 'data', 'Machine');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings, undefined, 2));
}
