import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import { UserError } from '../userError.ts';

/** Other file systems than the local one take a file only in one piece. */
const MOST_IN_ONE_PIECE = 256 * 1024 * 1024;

/**
 * Writes a file, block by block where the file is local. What was there before stays
 * until all is written, and stays for good when that fails or is given up.
 * @param onWritten told of the bytes of each block
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
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(vscode.l10n.t('{0} cannot be written: {1}', target.fsPath, reason), {
      cause: error,
    });
  }
}

/** Each write costs about as much, however little it writes. */
const BLOCK = 64 * 1024;

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
    if (length >= BLOCK) yield block();
  }
  if (length > 0) yield block();
}

async function saveLocally(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const part = join(dirname(path), `.consul-exec-${randomUUID()}.part`);
  try {
    await pipeline(pieces, createWriteStream(part, { flags: 'wx' }), { signal });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
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
    if (bytes > MOST_IN_ONE_PIECE) {
      throw new UserError(
        vscode.l10n.t('The run is too large to be saved there. Choose a file on this machine.'),
      );
    }
  }
  await vscode.workspace.fs.writeFile(target, Buffer.concat(all));
}
