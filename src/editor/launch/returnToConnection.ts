import * as vscode from 'vscode';
import type { ConnectionService } from '../connections/connectionService.ts';
import { ask } from '../base/notify.ts';
import { UserError } from '../base/userError.ts';

/** The connection of confirmed steps, so that none runs elsewhere. */
export interface Place {
  readonly name: string;
  readonly address: string | undefined;
  /** The connection's settings, as JSON. */
  readonly profile: string;
}

/** The active connection. */
export function placeOf({ active: { name, address, profile } }: ConnectionService): Place {
  return { name, address, profile: JSON.stringify(profile ?? {}) };
}

/** @throws UserError when another connection is active, or its settings have changed */
export function requirePlace(connections: ConnectionService, place: Place): void {
  const { name, address, profile } = placeOf(connections);
  if (name === place.name && address === place.address && profile === place.profile) return;
  throw new UserError(
    name === place.name
      ? vscode.l10n.t(
          'The settings of the connection "{0}" have changed. Restore them and continue, or stop these steps and run the next one by hand.',
          place.name,
        )
      : vscode.l10n.t(
          'These steps use the connection "{0}", but "{1}" is active. Switch to "{0}", then continue.',
          place.name,
          name,
        ),
  );
}

/**
 * A job runs again on the connection of its run, because another cluster can have nodes with the same
 * names. If another connection is active, asks the user to switch back.
 * @param name of the run's connection
 * @returns whether that connection is active now
 * @throws UserError when it no longer exists
 */
export function returnToConnection(connections: ConnectionService, name: string): Promise<boolean> {
  return switchTo(connections, name, {
    missing: vscode.l10n.t(
      'This run used the connection "{0}", which no longer exists. Run the job on other nodes instead.',
      name,
    ),
    question: (active) =>
      vscode.l10n.t('This run used the connection "{0}", but "{1}" is active.', name, active),
    reason: vscode.l10n.t(
      'Run Again uses the original connection: nodes with the same names elsewhere are different machines.',
    ),
  });
}

/**
 * A file names the connection that it is for, but only the user switches to it.
 * @returns whether that connection is active now
 * @throws UserError when it doesn't exist
 */
export function switchToNamed(connections: ConnectionService, name: string): Promise<boolean> {
  return switchTo(connections, name, {
    missing: vscode.l10n.t(
      'The script is for the connection "{0}", which is not in your settings. Add it, or use "Choose Targets…".',
      name,
    ),
    question: (active) =>
      vscode.l10n.t('The script is for the connection "{0}", but "{1}" is active.', name, active),
    reason: vscode.l10n.t('Further runs use that connection too, until you switch again.'),
  });
}

interface SwitchTexts {
  /** If there is no such connection. */
  readonly missing: string;
  readonly question: (active: string) => string;
  readonly reason: string;
}

async function switchTo(
  connections: ConnectionService,
  name: string,
  { missing, question, reason }: SwitchTexts,
): Promise<boolean> {
  const active = connections.active.name;
  if (active === name) return true;
  const profile = connections.profiles.profiles.find((candidate) => candidate.name === name);
  if (!profile && connections.environmentLabel !== name) throw new UserError(missing);
  const isAccepted = await ask(question(active), reason, vscode.l10n.t('Switch to {0}', name));
  if (!isAccepted) return false;
  await connections.use(profile?.name);
  return true;
}
