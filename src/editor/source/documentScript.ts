import * as vscode from 'vscode';
import { bytesToSend, isUtf8 } from '../../exec/script/scriptBytes.ts';
import { UserError } from '../base/userError.ts';
import { OUTPUT_SCHEME } from '../output/documentUri.ts';

/** A text of a document. */
export interface DocumentText {
  readonly text: string;
  /** In base64, where the nodes must receive other bytes than the UTF-8 of the text. */
  readonly bytes?: string | undefined;
}

/**
 * All of a document. A saved file runs as it is on disk: the editor changes lone carriage returns, and
 * bytes that are not valid in the encoding.
 * @throws UserError for unsaved text in which such bytes are lost
 */
export async function wholeText(document: vscode.TextDocument): Promise<DocumentText> {
  const { encoding } = document;
  const shown = document.getText();
  const disk = document.isDirty ? undefined : await readDisk(document);
  if (!disk) return partOfText(document, shown);
  const text = withoutMark(await vscode.workspace.decode(disk, { encoding }));
  // The file can change on disk before the editor shows it. What runs is what the user sees.
  if (withLf(text) !== withLf(shown)) return partOfText(document, shown);
  return isUtf16(encoding) ? { text } : { text, bytes: bytesToSend(text, disk) };
}

/**
 * A part of a document, or all of one that is not saved.
 * @throws UserError for text in which bytes of the file are lost
 */
export async function partOfText(
  document: vscode.TextDocument,
  text: string,
): Promise<DocumentText> {
  const { encoding } = document;
  const isAscii = Buffer.byteLength(text) === text.length;
  if (isAscii || document.isUntitled || document.uri.scheme === OUTPUT_SCHEME) return { text };
  if (text.includes('\ufffd') && (await losesBytes(document))) {
    throw new UserError(
      vscode.l10n.t(
        'Some bytes of {0} are not valid in the encoding {1} and would be lost. Use "Change File Encoding" to reopen the file with its encoding, then run again.',
        vscode.workspace.asRelativePath(document.uri),
        encoding.replace(/^utf8(bom)?$/, 'UTF-8'),
      ),
    );
  }
  if (encoding === 'utf8' || encoding === 'utf8bom' || isUtf16(encoding)) return { text };
  const bytes = await vscode.workspace.encode(text, { encoding });
  return { text, bytes: bytesToSend(text, bytes) };
}

/** @returns undefined for a document that is not saved anywhere */
async function readDisk({ isUntitled, uri }: vscode.TextDocument): Promise<Uint8Array | undefined> {
  if (isUntitled) return undefined;
  try {
    return await vscode.workspace.fs.readFile(uri);
  } catch {
    return undefined;
  }
}

/** Whether the file has bytes that its encoding does not allow. */
async function losesBytes(document: vscode.TextDocument): Promise<boolean> {
  const { encoding } = document;
  const disk = await readDisk(document);
  if (!disk) return false;
  if (encoding === 'utf8' || encoding === 'utf8bom') return !isUtf8(disk);
  const text = await vscode.workspace.decode(disk, { encoding });
  return !Buffer.from(await vscode.workspace.encode(text, { encoding })).equals(disk);
}

/** Nodes can't run UTF-16, so it is sent as UTF-8. */
function isUtf16(encoding: string): boolean {
  return encoding.startsWith('utf16');
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '');
}

function withLf(text: string): string {
  return withoutMark(text).replace(/\r\n?/g, '\n');
}
