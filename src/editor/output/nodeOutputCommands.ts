import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import type { NodeChannels } from './nodeChannels.ts';
import { combinedUri } from './documentAddress.ts';
import { saveRawOutput } from './saveRawOutput.ts';
import { registerCommand } from '../register.ts';
import { UserError } from '../userError.ts';
import { isRunElement, runOf } from '../runs/runElements.ts';

/** Output to read: a node's own, as a document, in a channel or a file; or all of a run in one text. */
export function registerNodeOutputCommands(
  { log, documents, runs, look }: App,
  channels: NodeChannels,
): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(commands.openNodeOutput, log, (element) => {
      const { run, node } = nodeOf(element);
      return documents.open(documents.uri(run, node));
    }),
    registerCommand(commands.saveRawOutput, log, (element) => {
      const { run, node } = nodeOf(element);
      return saveRawOutput(run, node);
    }),
    registerCommand(commands.openAllOutputs, log, async (element) => {
      const run = await runs.load(runOf(element, runs.all));
      const uri =
        look.mode === 'output' ? combinedUri(run, 'group', look.ignored) : combinedUri(run, 'node');
      return documents.open(uri);
    }),
    registerCommand(commands.openNodeChannel, log, (element) => {
      const { run, node } = nodeOf(element);
      return channels.show(run, node);
    }),
  );
}

function nodeOf(element: unknown) {
  if (isRunElement(element) && element.kind === 'node') return element;
  throw new UserError(vscode.l10n.t('Select a node in the Runs view first.'));
}
