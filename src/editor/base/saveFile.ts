import { randomUUID } from 'node:crypto';
import { createWriteStream, type Stats } from 'node:fs';
import {
  chmod,
  chown,
  type FileHandle,
  open,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import { ifMissing } from '../../base/files.ts';
import { errorMessage } from '../../base/errorMessage.ts';
import { UserError } from './userError.ts';

/** Only the local file system can write a file in blocks; others need all of it in memory. */
const MAX_REMOTE_BYTES = 256 * 1024 * 1024;

/**
 * Writes a file, in blocks if the file is local. An existing file is replaced only after everything
 * is written; it stays if that fails or is canceled.
 * @param onWritten gets the number of bytes of each block
 * @throws UserError with the reason; AbortError
 */
export async function saveFile(
  target: vscode.Uri,
  pieces: AsyncIterable<string | Uint8Array>,
  onWritten: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const blocks = inBlocks(pieces, onWritten, signal);
  try {
    if (target.scheme === 'file') await saveLocally(target.fsPath, blocks, signal);
    else await saveInOnePiece(target, blocks);
  } catch (error) {
    if (signal.aborted || error instanceof UserError) throw error;
    throw new UserError(vscode.l10n.t("Can't write {0}: {1}", target.fsPath, errorMessage(error)), {
      cause: error,
    });
  }
}

/** The cost of a write hardly depends on its size, so small pieces are joined. */
const BLOCK_BYTES = 64 * 1024;

async function* inBlocks(
  pieces: AsyncIterable<string | Uint8Array>,
  onWritten: (bytes: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  let gathered: Uint8Array[] = [];
  let length = 0;
  const block = () => {
    const bytes = Buffer.concat(gathered);
    gathered = [];
    length = 0;
    onWritten(bytes.length);
    return bytes;
  };
  for await (const piece of pieces) {
    signal.throwIfAborted();
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    gathered.push(bytes);
    length += bytes.length;
    if (length >= BLOCK_BYTES) yield block();
  }
  if (length > 0) yield block();
}

async function saveLocally(
  target: string,
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const path = await followLinks(target);
  const before = await stat(path).catch(ifMissing(undefined));
  const part = join(dirname(path), `.consul-exec-${randomUUID()}.part`);
  const handle = before?.isFile() === false ? undefined : await openPart(part, before);
  // A pipe or a device can't be replaced, nor can a file in a folder that isn't writable.
  if (!handle) return pipeline(pieces, createWriteStream(path), { signal });
  try {
    await pipeline(pieces, handle.createWriteStream(), { signal });
    if (before) await copyAttributes(before, part);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** @returns undefined when only the existing file itself can be written */
async function openPart(part: string, before: Stats | undefined): Promise<FileHandle | undefined> {
  try {
    return await open(part, 'wx');
  } catch (error) {
    const isRefused = error instanceof Error && 'code' in error && error.code === 'EACCES';
    if (before && isRefused) return undefined;
    throw error;
  }
}

/** As many as Linux follows. */
const MAX_LINKS = 40;

/** The file that a symbolic link means, which need not exist yet. A new file replaces that one, not the link. */
async function followLinks(path: string): Promise<string> {
  let file = path;
  for (let count = 0; count < MAX_LINKS; count++) {
    const link = await readlink(file).catch(() => undefined);
    if (link === undefined) return file;
    file = resolve(await realpath(dirname(file)), link);
  }
  return file;
}

/** Gives a new file the mode of the file that it replaces, and its owner where that is allowed. */
async function copyAttributes({ mode, uid, gid }: Stats, file: string): Promise<void> {
  const own = await stat(file);
  if (own.uid !== uid || own.gid !== gid) await chown(file, uid, gid).catch(() => undefined);
  await chmod(file, mode & 0o7777);
}

async function saveInOnePiece(
  target: vscode.Uri,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  const all: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    all.push(piece);
    bytes += piece.length;
    if (bytes > MAX_REMOTE_BYTES) {
      throw new UserError(
        vscode.l10n.t('The run is too large to save there. Choose a file on this machine.'),
      );
    }
  }
  await vscode.workspace.fs.writeFile(target, Buffer.concat(all));
}
