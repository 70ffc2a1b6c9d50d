import * as vscode from 'vscode';
import { joinNames } from '../../../base/joinNames.ts';
import type { ChoiceOrigin, SetPlace, UsedSet } from '../../../exec/targeting/sets/savedSet.ts';
import { findDrift, type SetDrift } from '../../../exec/targeting/sets/setDrift.ts';
import { nodeCountLabel } from '../../base/nodeCount.ts';
import { plainLabel } from '../../base/plainLabel.ts';
import type { MatchedTargets } from '../session/datacenterTargets.ts';
import type { ChoiceSession } from '../session/pickSession.ts';

/** What to know about the saved set that nodes come from: whose it is, and how it has changed. */
export function setWarnings(
  session: ChoiceSession,
  origin: ChoiceOrigin | undefined,
  targets: MatchedTargets,
): string[] {
  if (origin?.kind !== 'set') return [];
  const { used } = origin;
  return [
    ...(used.isOfWorkspace ? [workspaceMessage(used)] : []),
    ...placeWarnings(session, used.set.place),
    ...driftWarnings(used, targets),
  ];
}

function workspaceMessage({ set }: UsedSet): string {
  return vscode.l10n.t(
    'The set "{0}" is from the settings of this workspace, which others can change',
    plainLabel(set.name),
  );
}

/** Another cluster can have nodes with the same names. */
export function placeWarnings(session: ChoiceSession, place: SetPlace | undefined): string[] {
  if (!place || isPlaceOf(session, place)) return [];
  const { connection, datacenters } = place;
  const names = plainLabel(datacenters.join(', '));
  if (connection === undefined) return [vscode.l10n.t('This set is of datacenter {0}', names)];
  return datacenters.length === 0
    ? [vscode.l10n.t('This set is of connection {0}', plainLabel(connection))]
    : [
        vscode.l10n.t(
          'This set is of connection {0}, datacenter {1}',
          plainLabel(connection),
          names,
        ),
      ];
}

function isPlaceOf({ connection, datacenters }: ChoiceSession, place: SetPlace): boolean {
  const isConnection = place.connection === undefined || place.connection === connection.name;
  return (
    isConnection && (place.datacenters.length === 0 || datacenters.haveNames(place.datacenters))
  );
}

function driftWarnings({ was, unknown }: UsedSet, targets: MatchedTargets): string[] {
  const labels = (part: keyof MatchedTargets) => targets[part].map(({ label }) => label);
  const drift =
    was && findDrift(was, { reached: labels('reached'), unreachable: labels('unreachable') });
  const gone = new Set(drift?.gone);
  const missing = unknown.filter((name) => !gone.has(name));
  const sentences = [
    ...(drift ? driftSentences(drift) : []),
    ...(missing.length > 0 ? [vscode.l10n.t('Not found: {0}.', named(missing))] : []),
  ];
  return sentences.length > 0 ? [sentences.join(' ')] : [];
}

function driftSentences({ was, now, gone, added, cannotRespond }: SetDrift): string[] {
  return [
    vscode.l10n.t({
      message: 'Was {0}, {1} now.',
      args: [nodeCountLabel(was), now],
      comment: ['How a saved set of nodes has changed: "Was 40 nodes, 38 now."'],
    }),
    ...(gone.length > 0 ? [vscode.l10n.t('Gone: {0}.', named(gone))] : []),
    ...(added.length > 0 ? [vscode.l10n.t('New: {0}.', named(added))] : []),
    ...(cannotRespond.length > 0
      ? [vscode.l10n.t("Can't respond now: {0}.", named(cannotRespond))]
      : []),
  ];
}

function named(names: readonly string[]): string {
  return plainLabel(joinNames(names));
}
