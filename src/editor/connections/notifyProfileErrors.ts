import * as vscode from 'vscode';
import { commands } from '../base/contributions.ts';
import { showWarning } from '../base/notify.ts';
import type { ConnectionService } from './connectionService.ts';

/**
 * Reports mistakes in the list of connections when they appear, not only when the user misses a
 * connection: the log gets all of them, and one notification shows the first.
 */
export function notifyProfileErrors(
  connections: ConnectionService,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  let shown = '';
  const check = () => {
    const sentences = connections.profiles.mistakes.map(({ sentence }) => sentence);
    const all = sentences.join('\n');
    if (all === shown) return;
    shown = all;
    for (const sentence of sentences) log.warn(sentence);
    if (sentences.length > 0) void notify(sentences, log);
  };
  check();
  return connections.onDidChange(check);
}

async function notify(
  [first = '', ...others]: readonly string[],
  log: vscode.LogOutputChannel,
): Promise<void> {
  const edit = vscode.l10n.t('Edit Connections');
  const show = vscode.l10n.t('Show Log');
  const text =
    others.length === 0 ? first : vscode.l10n.t('{0} The log lists the other errors.', first);
  const chosen = await showWarning(text, edit, ...(others.length === 0 ? [] : [show]));
  if (chosen === edit) await vscode.commands.executeCommand(commands.editConnections);
  if (chosen === show) log.show();
}
