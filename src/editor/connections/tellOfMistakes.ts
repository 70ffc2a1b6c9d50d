import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { tellWarning } from '../notify.ts';
import type { ConnectionService } from './connectionService.ts';

/**
 * Tells of mistakes in the list of connections when they appear, not only when somebody looks for the
 * connection that is missing: all of them in the log, one notification for all.
 */
export function tellOfMistakes(
  connections: ConnectionService,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  let told = '';
  const look = () => {
    const sentences = connections.profiles.mistakes.map(({ sentence }) => sentence);
    const all = sentences.join('\n');
    if (all === told) return;
    told = all;
    for (const sentence of sentences) log.warn(sentence);
    if (sentences.length > 0) void notify(sentences, log);
  };
  look();
  return connections.onDidChange(look);
}

async function notify(
  [first = '', ...others]: readonly string[],
  log: vscode.LogOutputChannel,
): Promise<void> {
  const edit = vscode.l10n.t('Edit Connections');
  const show = vscode.l10n.t('Show Log');
  const text =
    others.length === 0
      ? first
      : vscode.l10n.t(
          '{0} There are more mistakes in the connections: the log has them all.',
          first,
        );
  const chosen = await tellWarning(text, edit, ...(others.length === 0 ? [] : [show]));
  if (chosen === edit) await vscode.commands.executeCommand(commands.editConnections);
  if (chosen === show) log.show();
}
