import * as vscode from 'vscode';
import { AddressError } from '../consul/address.ts';
import { ConnectionError } from '../consul/connection/connectionError.ts';
import { DurationError } from '../consul/duration.ts';
import { ConsulError, PermissionError } from '../consul/errors.ts';
import { FilterError } from '../exec/filters.ts';
import { JobError } from '../exec/job.ts';
import { PrefixError } from '../exec/keys.ts';
import { FilterSyntaxError } from '../exec/re2.ts';
import { commands } from './contributions.ts';
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
  const policy = vscode.l10n.t('Show the Policy It Needs');
  const actions = error instanceof PermissionError ? [policy, show] : [show];
  void tellError(text, ...actions).then((chosen) => {
    if (chosen === show) log.show();
    if (chosen === policy) void vscode.commands.executeCommand(commands.showPolicy);
  });
}
