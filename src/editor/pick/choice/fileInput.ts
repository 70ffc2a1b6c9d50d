import * as vscode from 'vscode';
import { errorMessage } from '../../../base/errorMessage.ts';
import { readNameFile } from '../../../exec/targeting/names/nameFile.ts';
import type { NamedNodes } from '../../../exec/targeting/names/nameNotation.ts';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { withDelayedProgress } from '../../base/delayedProgress.ts';
import { showError } from '../../base/notify.ts';
import { type Answer, BACK, type StepFrame } from '../../base/quickInput.ts';
import { UserError } from '../../base/userError.ts';
import { showNames } from '../inputs/decideNames.ts';
import { knownNodes, nodesOfStep } from '../inputs/namedNodes.ts';
import type { PickSession } from '../session/pickSession.ts';

/** A hundred thousand long names take five. */
const MAX_MEGABYTES = 16;

/**
 * Asks for a file, and reads names in it. Shows what they mean unless every name is clear.
 * @returns labels of nodes; Back if the file can't be used, which was reported
 */
export async function askNameFile(
  session: PickSession,
  frame: StepFrame,
  selection: TargetSelection,
): Promise<Answer<readonly string[]>> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Nodes from a File'),
      openLabel: vscode.l10n.t('Read Names'),
    })) ?? [];
  if (!file) return BACK;
  const stop = new AbortController();
  try {
    const text = await readText(file);
    const read = await readNames(session, selection, text, stop);
    const isClear = read.doubts.length + read.repeated.length + read.unmatched.length === 0;
    if (isClear && read.names.length > 0) return read.names;
    return await showNames(frame, read);
  } catch (error) {
    if (!stop.signal.aborted) void showError(errorMessage(error));
    return BACK;
  }
}

async function readNames(
  { datacenters }: PickSession,
  selection: TargetSelection,
  text: string,
  stop: AbortController,
): Promise<NamedNodes> {
  const known = knownNodes(nodesOfStep(datacenters, selection));
  const task = readNameFile(text, known, stop.signal);
  await withDelayedProgress(task, {
    title: vscode.l10n.t('Reading the names…'),
    showAfterMs: 500,
    reportIntervalMs: 1000,
    message: () => '',
    cancel: () => stop.abort(),
  });
  return task;
}

/** @throws UserError for a file that can't be read, or isn't text */
async function readText(file: vscode.Uri): Promise<string> {
  let bytes: Uint8Array;
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    if (size > MAX_MEGABYTES * 1024 * 1024) {
      throw new UserError(
        vscode.l10n.t('The file is larger than {0} MB. Select a list of names.', MAX_MEGABYTES),
      );
    }
    bytes = await vscode.workspace.fs.readFile(file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      vscode.l10n.t("Couldn't read the file: {0}. Check its permissions.", errorMessage(error)),
    );
  }
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
  if (text.trim() === '') throw new UserError(vscode.l10n.t('The file is empty.'));
  if (text.includes('\0')) {
    throw new UserError(vscode.l10n.t('The file is not text. Select a list of names.'));
  }
  return text;
}
