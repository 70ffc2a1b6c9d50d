import * as vscode from 'vscode';
import { errorMessage } from '../../base/errorMessage.ts';
import { AddressError } from '../../consul/endpoint/address.ts';
import { ConnectionError } from '../../consul/connection/connectionError.ts';
import { DurationError } from '../../consul/duration.ts';
import { BasicAuthError } from '../../consul/errors/basicAuthError.ts';
import {
  ConsulError,
  NotConsulError,
  PermissionError,
  UnknownTokenError,
} from '../../consul/errors/consulErrors.ts';
import { ProxyError } from '../../consul/errors/proxyError.ts';
import { TlsError } from '../../consul/errors/tlsError.ts';
import { FilterError } from '../../exec/targeting/validateFilters.ts';
import { JobError } from '../../exec/protocol/job.ts';
import { ParameterError } from '../../exec/script/parameters/parameter.ts';
import { PrefixError } from '../../exec/protocol/keys.ts';
import { FilterSyntaxError } from '../../exec/targeting/re2.ts';
import { commands } from './contributions.ts';
import { executeCommand } from './executeCommand.ts';
import { showError, showInfo } from './notify.ts';
import { NothingToDo, UnusableConnection, UserError } from './userError.ts';

/** Errors whose message was written for the user; all others are bugs of ours. */
const FOR_USERS = [
  UserError,
  ConsulError,
  JobError,
  FilterError,
  FilterSyntaxError,
  PrefixError,
  ParameterError,
  DurationError,
  AddressError,
  ConnectionError,
];

/** Shows an error in one sentence with its remedies and a way to the log, which gets all of it. */
export function reportError(error: unknown, log: vscode.LogOutputChannel): void {
  if (error instanceof vscode.CancellationError) return;
  if (error instanceof NothingToDo) {
    void showInfo(error.message);
    return;
  }
  const sentence = logError(error, log);
  const remedies = remediesFor(error);
  const show = vscode.l10n.t('Show Log');
  void showError(sentence, ...remedies.map(({ label }) => label), show).then((pressed) => {
    if (pressed === show) log.show();
    const remedy = remedies.find(({ label }) => label === pressed);
    if (remedy) void executeCommand(remedy.command);
  });
}

/** Writes an error to the log. @returns the sentence to show to the user */
export function logError(error: unknown, log: vscode.LogOutputChannel): string {
  const message = errorMessage(error);
  if (FOR_USERS.some((type) => error instanceof type)) {
    log.warn(message);
    return message;
  }
  log.error(error instanceof Error ? error : message);
  return vscode.l10n.t('Consul Exec failed unexpectedly: {0}', message);
}

interface Remedy {
  readonly label: string;
  readonly command: RemedyCommand;
}

type RemedyCommand =
  | typeof commands.editConnections
  | typeof commands.setPassword
  | typeof commands.setToken
  | typeof commands.showPolicy
  | typeof commands.switchConnection
  | typeof commands.testConnection;

/**
 * The most likely remedies; their commands explain when they don't apply to the active connection. A
 * notification has space for four buttons only if their labels are short.
 */
function remediesFor(error: unknown): Remedy[] {
  const switchTo = {
    label: vscode.l10n.t('Switch Connection…'),
    command: commands.switchConnection,
  };
  const edit = { label: vscode.l10n.t('Edit'), command: commands.editConnections };
  const test = { label: vscode.l10n.t('Test'), command: commands.testConnection };
  if (error instanceof PermissionError) {
    return [{ label: vscode.l10n.t('Show Required Policy'), command: commands.showPolicy }];
  }
  if (error instanceof UnknownTokenError) {
    const set = { label: vscode.l10n.t('Set Token…'), command: commands.setToken };
    return [set, switchTo, edit, test];
  }
  if (error instanceof BasicAuthError) {
    const set = { label: vscode.l10n.t('Set Password…'), command: commands.setPassword };
    return [set, switchTo, edit, test];
  }
  // There is nothing to test before the settings are right.
  if (error instanceof UnusableConnection) return [switchTo, edit];
  if (error instanceof ConnectionError && error.problem !== 'canceled') return [edit, switchTo];
  const isAboutConnection =
    error instanceof NotConsulError ||
    error instanceof TlsError ||
    error instanceof ProxyError ||
    (error instanceof ConsulError && error.transient);
  return isAboutConnection ? [switchTo, edit, test] : [];
}
