import * as vscode from 'vscode';
import type { RunEvent } from '../../exec/runEvent.ts';
import type { PartEnding } from '../../exec/mergeRuns.ts';
import { resumeRun, type ResumedPart, sessionsOf } from '../../exec/resumeRun.ts';
import { splitNodeLabel } from '../../exec/nodeLabel.ts';
import { Resumption } from '../../runs/resumption.ts';
import { datacentersOf, type Run } from '../../runs/run.ts';
import { sleep } from '../../exec/sleep.ts';
import type { ConnectionService, OpenConnection } from '../connections/connectionService.ts';
import { readRunSettings } from '../settings.ts';
import { UserError } from '../userError.ts';
import { ListedRun } from './listedRun.ts';
import type { RunHistory } from './runHistory.ts';
import type { RunService } from './runService.ts';
import { watchOtherWindows } from './watchOtherWindows.ts';

/** How long Consul may be out of reach: a session that nobody renews ends after four minutes. */
const SEARCH_MS = 4 * 60_000;
const RETRY_MS = 5000;

/**
 * Brings the history into the list, and goes on with runs of the connection in use that a reload of
 * the window interrupted, as long as Consul still has them. What other windows collect is looked at
 * until it is over.
 */
export function restoreRuns(
  runs: RunService,
  history: RunHistory,
  connections: ConnectionService,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const stop = new AbortController();
  void restore(runs, history, connections, log, stop.signal);
  return new vscode.Disposable(() => stop.abort());
}

async function restore(
  runs: RunService,
  history: RunHistory,
  connections: ConnectionService,
  log: vscode.LogOutputChannel,
  signal: AbortSignal,
): Promise<void> {
  runs.list((await history.list()).map((entry) => new ListedRun(entry)));
  await watchOtherWindows(runs, signal, async (one) => {
    // Another window may be on that connection; this one would only find nothing.
    if (signal.aborted || one.info.connection !== connections.active.name) return;
    const run = await history.resume(one.id);
    if (!run) return;
    if (!runs.all.includes(one)) return history.suspend(run);
    one.resume(run);
    log.info(`Run ${one.id} was interrupted: looking for it in Consul`);
    void runs.follow(one, (stopped) => goOn(run, connections, stopped));
  });
}

async function* goOn(
  run: Run,
  connections: ConnectionService,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const { info, ledger } = run;
  if (ledger.end !== undefined) return;
  const parts = partsOf(run, await openPatiently(connections, signal), connections);
  if (ledger.announced < info.announcements.length) {
    const text = vscode.l10n.t(
      'The window went before all nodes were told of the job: {0} of {1} announcements were made. The nodes of the others did not run it.',
      ledger.announced,
      info.announcements.length,
    );
    yield { kind: 'warning', at: Date.now(), text };
  }
  const resumption = new Resumption(run);
  const labelled = datacentersOf(info).length > 1;
  for await (const event of resumeRun(parts, labelled, endedParts(run), signal)) {
    const news = resumption.news(event);
    if (news) yield news;
  }
}

/** Opens the connection, however long it takes within the time a session lives. */
function openPatiently(
  connections: ConnectionService,
  signal: AbortSignal,
): Promise<OpenConnection> {
  const until = Date.now() + SEARCH_MS;
  return connections.open(signal, async () => {
    await sleep(RETRY_MS, signal);
    return !signal.aborted && Date.now() < until;
  });
}

/**
 * The datacenters that are through, of a run over several. Where every target has exited it is so
 * even when the window went before it could say that.
 */
function endedParts({ info, ledger }: Run): PartEnding[] {
  const datacenters = datacentersOf(info);
  if (datacenters.length === 1) return [];
  return datacenters.flatMap((datacenter): PartEnding[] => {
    const told = ledger.partEnds.find((one) => one.datacenter === datacenter);
    if (told) return [told];
    const targets = info.targets.filter((label) => splitNodeLabel(label).datacenter === datacenter);
    const isThrough = targets.every((label) => ledger.get(label)?.state === 'exited');
    return isThrough ? [{ kind: 'partFinished', at: Date.now(), datacenter, end: 'complete' }] : [];
  });
}

/**
 * What there still is to collect.
 * @throws UserError when another connection is in use: the run then ends as unreachable, with that as
 * its reason
 */
function partsOf(
  run: Run,
  connection: OpenConnection,
  connections: ConnectionService,
): ResumedPart[] {
  const { info, session } = run;
  if (!session) throw new UserError(vscode.l10n.t('The run was interrupted before it began.'));
  if (connection.name !== info.connection) {
    throw new UserError(
      vscode.l10n.t(
        'A run through {0} was interrupted. It can be picked up only with that connection in use.',
        info.connection,
      ),
    );
  }
  const datacenters = datacentersOf(info);
  const sessions = sessionsOf(session.session, datacenters);
  const { quietMs } = readRunSettings(connections.active.profile);
  const several = datacenters.length > 1;
  const ended = new Set(endedParts(run).map(({ datacenter }) => datacenter));
  const open = datacenters.filter((datacenter) => !ended.has(datacenter));
  return open.map((datacenter) => ({
    datacenter,
    consul:
      datacenter === connection.datacenter ? connection.consul : connection.consul.in(datacenter),
    session: sessions.get(datacenter) ?? '',
    prefix: session.prefix,
    targets: targetsIn(info.targets, datacenter, several),
    quietMs,
    heartbeatMs: session.heartbeatMs,
  }));
}

function targetsIn(labels: readonly string[], datacenter: string, several: boolean): string[] {
  if (!several) return [...labels];
  return labels
    .map(splitNodeLabel)
    .filter((label) => label.datacenter === datacenter)
    .map(({ node }) => node);
}
