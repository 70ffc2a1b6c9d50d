import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { t } from '@vscode/l10n';
import { errorCode } from '../../base/errorMessage.ts';
import { ConnectionError } from './connectionError.ts';
import type { Sourced } from './connectionSpec.ts';

/**
 * @param folder where a relative path starts; only the environment contains relative paths
 * @throws ConnectionError if the file is missing or can't be read
 */
export function readText(file: Sourced, folder: string | undefined): Promise<string> {
  return accessFile(file, folder, (path) => readFile(path, 'utf8'));
}

/**
 * @param work receives the absolute path
 * @throws ConnectionError that names the path, the field that contains it, and the remedy
 */
export async function accessFile<T>(
  file: Sourced,
  folder: string | undefined,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const { value, from } = file;
  const isRelative = !isAbsolute(value) && !HOME.test(value);
  if (isRelative && folder === undefined) throw noFolderError(file);
  const path = isRelative ? join(folder ?? '', value) : value.replace(HOME, `${homedir()}/`);
  try {
    return await work(path);
  } catch (error) {
    const code = errorCode(error);
    const isMissing = code === 'ENOENT';
    const message =
      isMissing && isRelative
        ? t(
            '{0} ({1}) doesn\'t exist. The path "{2}" is relative to the workspace folder here. Use an absolute path.',
            path,
            from,
            value,
          )
        : unreadableMessage({ value: isRelative ? path : value, from }, code);
    throw new ConnectionError(isMissing ? 'fileMissing' : 'fileUnreadable', from, message, error);
  }
}

const HOME = /^~[/\\]/;

function noFolderError({ value, from }: Sourced): ConnectionError {
  return new ConnectionError(
    'fileMissing',
    from,
    t(
      '"{0}" ({1}) is a relative path, which needs an open and trusted folder. Use an absolute path.',
      value,
      from,
    ),
  );
}

function unreadableMessage({ value, from }: Sourced, code: string): string {
  switch (code) {
    case 'ENOENT':
      return t("{0} ({1}) doesn't exist.", value, from);
    case 'EISDIR':
      return t('{0} ({1}) is a folder. Use a file in it.', value, from);
    case 'ENOTDIR':
      return t("{0} ({1}) is not a folder, or one of its parents isn't.", value, from);
    case 'EACCES':
    case 'EPERM':
      return t("You don't have permission to read {0} ({1}).", value, from);
    default:
      return t("Can't read {0} ({1}): {2}.", value, from, code);
  }
}
