import * as vscode from 'vscode';
import type { RunEvent } from '../../exec/runEvent.ts';
import { resumeRun, type ResumedPart, sessionsOf } from '../../exec/resumeRun.ts';
import { splitNodeLabel } from '../../exec/nodeLabel.ts';
import { Resumption } from '../../runs/resumption.ts';
import { datacentersOf, type Run } from '../../runs/run.ts';
import type { ConnectionService } from '../connections/connectionService.ts';
import { readRunSettings } from '../settings.ts';
import { UserError } from '../userError.ts';
import { ListedRun } from './listedRun.ts';
import type { RunHistory } from './runHistory.ts';
import type { RunService } from './runService.ts';

/**
 * Brings the history into the list, and goes on with runs that a reload of the window interrupted,
 * as long as Consul still has them.
 */
export async function restoreRuns(
  runs: RunService,
  history: RunHistory,
  connections: ConnectionService,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const entries = await history.list();
  const listed = entries.map(
    ({ info, pinned, outcome }) => new ListedRun(info, { pinned, outcome }),
  );
  runs.list(listed);
  for (const [i, one] of listed.entries()) {
    if (one.outcome !== undefined || entries[i]?.claimed) continue;
    const run = await history.resume(one.id);
    if (!run) continue;
    one.run = run;
    log.info(`Run ${one.id} was interrupted: looking for it in Consul`);
    void runs.follow(one, (signal) => goOn(run, connections, signal));
  }
  runs.restored();
}

async function* goOn(
  run: Run,
  connections: ConnectionService,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  if (run.ledger.end !== undefined) return;
  const resumption = new Resumption(run);
  for await (const event of resumeRun(await partsOf(run, connections), signal)) {
    const news = resumption.news(event);
    if (news) yield news;
  }
}

/**
 * @throws what opening the connection throws, and a UserError when another connection is in use: the
 * run then ends as unreachable, with that as its reason
 */
async function partsOf(run: Run, connections: ConnectionService): Promise<ResumedPart[]> {
  const { info, session } = run;
  if (!session) throw new UserError(vscode.l10n.t('The run was interrupted before it began.'));
  const connection = await connections.open();
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
  return datacenters.map((datacenter) => ({
    datacenter,
    consul:
      datacenter === connection.datacenter ? connection.consul : connection.consul.in(datacenter),
    session: sessions.get(datacenter) ?? '',
    prefix: session.prefix,
    targets: targetsIn(info.targets, datacenter, datacenters.length > 1),
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
