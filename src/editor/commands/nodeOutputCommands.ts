import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import type { NodeChannels } from '../output/nodeChannels.ts';
import { registerCommand } from '../register.ts';
import { UserError } from '../userError.ts';
import { isRunElement } from '../runs/runElements.ts';

/** A node's own output, as a document or in a channel of its own. */
export function registerNodeOutputCommands(
  { log, documents }: App,
  channels: NodeChannels,
): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(commands.openNodeOutput, log, (element) => {
      const { run, node } = nodeOf(element);
      return documents.open(run, node);
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
