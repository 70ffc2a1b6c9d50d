import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';

/** Replaces a file atomically: after a crash, and for readers, it has the whole old or new text. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      // Otherwise a loss of power could leave an empty file under the new name.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Bytes of a file; undefined when it does not exist. */
export async function sizeOf(path: string): Promise<number | undefined> {
  const { size } = await stat(path).catch(ifMissing({ size: undefined }));
  return size;
}

/** For `catch`: a value to use when a file does not exist. Other errors are rethrown. */
export function ifMissing<T>(fallback: T): (error: unknown) => T {
  return (error) => {
    if (isMissing(error)) return fallback;
    throw error;
  };
}

/** Whether a file system error says that a file does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
