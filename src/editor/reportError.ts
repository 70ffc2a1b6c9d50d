import * as vscode from 'vscode';
import { AddressError } from '../consul/address.ts';
import { ConnectionError } from '../consul/connection/connectionError.ts';
import { DurationError } from '../consul/duration.ts';
import { BasicAuthError } from '../consul/basicAuthError.ts';
import { ConsulError, PermissionError, UnknownTokenError } from '../consul/errors.ts';
import { FilterError } from '../exec/filters.ts';
import { JobError } from '../exec/job.ts';
import { PrefixError } from '../exec/keys.ts';
import { FilterSyntaxError } from '../exec/re2.ts';
import { type CommandId, commands } from './contributions.ts';
import { tellError } from './notify.ts';
import { UserError } from './userError.ts';

/** Errors whose message was written for the user; all others are our own mistakes. */
const FOR_USERS = [
  UserError,
  ConsulError,
  JobError,
  FilterError,
  FilterSyntaxError,
  PrefixError,
  DurationError,
  AddressError,
  ConnectionError,
];

/** Tells the user in a sentence, with the way to the log; the log gets everything. */
export function reportError(error: unknown, log: vscode.LogOutputChannel): void {
  if (error instanceof vscode.CancellationError) return;
  const expected = FOR_USERS.some((type) => error instanceof type);
  const message = error instanceof Error ? error.message : String(error);
  if (expected) log.warn(message);
  else log.error(error instanceof Error ? error : message);
  const text = expected ? message : vscode.l10n.t('Consul Exec failed unexpectedly: {0}', message);
  const show = vscode.l10n.t('Show Log');
  const remedy = remedyFor(error);
  void tellError(text, ...(remedy ? [remedy.label] : []), show).then((chosen) => {
    if (chosen === show) log.show();
    else if (remedy && chosen === remedy.label) {
      void vscode.commands.executeCommand(remedy.command);
    }
  });
}

/** What most likely helps; the command says so where it does not apply to the connection in use. */
function remedyFor(
  error: unknown,
): { readonly label: string; readonly command: CommandId } | undefined {
  if (error instanceof PermissionError) {
    return { label: vscode.l10n.t('Show the Policy It Needs'), command: commands.showPolicy };
  }
  if (error instanceof UnknownTokenError) {
    return { label: vscode.l10n.t('Set Token…'), command: commands.setToken };
  }
  if (error instanceof BasicAuthError) {
    return { label: vscode.l10n.t('Set Password…'), command: commands.setPassword };
  }
  if (error instanceof ConnectionError && error.problem !== 'cancelled') {
    return { label: vscode.l10n.t('Edit Connections'), command: commands.editConnections };
  }
  return undefined;
}
