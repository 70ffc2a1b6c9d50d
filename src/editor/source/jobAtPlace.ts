import * as vscode from 'vscode';
import { UserError } from '../base/userError.ts';
import { blockAt } from './documentBlocks.ts';
import { placeOf } from './documentPlace.ts';
import { jobAtCursor } from './jobAtCursor.ts';
import type { NamedJob } from './namedJob.ts';
import { jobFromBlock, jobFromFile } from './scriptSource.ts';

/**
 * What to run for a command with arguments: from a lens the document and a line, from the menu of the
 * gutter an object with both. Without arguments, from the Command Palette, what is at the cursor.
 * @throws UserError for anything else
 */
export async function jobAtPlace(first: unknown, second: unknown): Promise<NamedJob> {
  if (first === undefined) return jobAtCursor();
  const place = placeOf(first, second);
  if (!place) throw new UserError(vscode.l10n.t('Open the script and run it from there.'));
  const document = await vscode.workspace.openTextDocument(place.uri);
  const block = blockAt(document, place.line);
  return block ? jobFromBlock(document, block) : jobFromFile(place.uri);
}
