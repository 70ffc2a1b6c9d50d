import * as vscode from 'vscode';
import { recoverResults } from '../../exec/guard/recoverResults.ts';
import { withoutDetach } from '../../exec/run/detach.ts';
import type { RunEnd, RunEvent } from '../../exec/events/runEvent.ts';
import { missingResults } from '../../runs/model/missingResults.ts';
import { isInSeveral } from '../../runs/model/runNodes.ts';
import type { Run } from '../../runs/run.ts';
import { readRunSettings } from '../base/settings.ts';
import { UserError } from '../base/userError.ts';
import type { RunPlace } from '../connections/runPlace.ts';
import type { LaunchServices } from '../launch/launchServices.ts';
import { returnToConnection } from '../launch/returnToConnection.ts';
import { missingParts, placesOf } from '../runs/recoveryParts.ts';

/** The job of the run is not run again: a second job reads what the first one left. */
export async function recover(
  { connections, runs, follower }: LaunchServices,
  { info }: Run,
  labels: readonly string[] | undefined,
): Promise<void> {
  const listed = runs.find(info.id);
  if (!listed || !(await returnToConnection(connections, info.connection))) return;
  const connection = await connections.open();
  const settings = readRunSettings(connections.active.profile);
  const before = listed.run;
  if (!before) return;
  const places = await placesOf(before, connection, settings);
  const { end = 'complete', reason } = before.ledger;
  const isReopened = await follower.reopen(listed, (signal) =>
    // The run as it was read again from the history.
    recoveryEvents(listed.run ?? before, places, labels, { end, reason }, signal),
  );
  if (!isReopened) {
    throw new UserError(
      vscode.l10n.t(
        "This run isn't saved or is still running, so nothing can be recovered now. Try again when it is over.",
      ),
    );
  }
}

async function* recoveryEvents(
  run: Run,
  places: readonly RunPlace[],
  labels: readonly string[] | undefined,
  before: { readonly end: RunEnd; readonly reason: string | undefined },
  signal: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const parts = missingParts(run, places, labels);
  yield* recoverResults(parts, isInSeveral(run.info), withoutDetach(signal));
  const { end, reason } = before;
  const isWhole = missingResults(run.ledger).size === 0;
  const isBroken = end === 'sessionLost' || end === 'unreachable';
  yield isBroken && isWhole
    ? { kind: 'finished', at: Date.now(), end: 'complete' }
    : { kind: 'finished', at: Date.now(), end, ...(reason !== undefined && { reason }) };
}
