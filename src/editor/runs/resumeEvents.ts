import * as vscode from 'vscode';
import { sleep } from '../../base/sleep.ts';
import { sentJob } from '../../exec/guard/guardJob.ts';
import { noteLimits } from '../../exec/guard/limitNotes.ts';
import { recoverAtEnd } from '../../exec/guard/recoverResults.ts';
import type { PartEnding } from '../../exec/events/mergeRuns.ts';
import { OutputLimit } from '../../exec/cap/outputLimit.ts';
import { resumeRun, type ResumedPart } from '../../exec/run/resumeRun.ts';
import type { RunEvent } from '../../exec/events/runEvent.ts';
import { Resumption } from '../../runs/history/resumption.ts';
import type { Run } from '../../runs/run.ts';
import { isOver } from '../../runs/model/nodeStatus.ts';
import { isInSeveral, nodesIn } from '../../runs/model/runNodes.ts';
import { missingParts } from './recoveryParts.ts';
import { outputLimits, readRunSettings } from '../base/settings.ts';
import { UserError } from '../base/userError.ts';
import type { ConnectionService, OpenConnection } from '../connections/connectionService.ts';
import { placeIn } from '../connections/runPlace.ts';
import type { ListedRun } from './listedRun.ts';

/** How long to retry while Consul is unreachable: a session that isn't renewed ends after four minutes. */
const RESUME_TIMEOUT_MS = 4 * 60_000;
const RETRY_DELAY_MS = 5000;

/**
 * The events of an interrupted run that happened since: waits for Consul, then collects the results
 * of the datacenters that have not finished.
 * @throws UserError when the run can't be resumed on the active connection
 */
export async function* resumeEvents(
  listed: ListedRun,
  run: Run,
  connections: ConnectionService,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const { info, ledger } = run;
  if (ledger.end !== undefined) return;
  // The user can have raised it.
  const outputLimit = new OutputLimit(ledger.outputLimits ?? outputLimits());
  listed.limitOutput(outputLimit);
  const connection = await openWithRetries(connections, signal);
  const found = await partsOf(run, connection, connections);
  const parts = found.map((part) => {
    return { ...part, outputLimit, capSession: ledger.capSession(part.datacenter) };
  });
  const kvLimit = connection.self?.kvMaxValueSize;
  const resumption = new Resumption(run);
  const resumed = resumeRun(parts, endedParts(run), signal);
  const noted = noteLimits(resumed, info.id, info.guard?.timeLimitSeconds);
  const places = parts.map(({ datacenter, consul, prefix, quietMs, sessionNode }) => {
    return {
      datacenter,
      consul,
      options: { prefix, quietMs, replicationWaitMs: 0, kvLimit, sessionNode },
    };
  });
  const missing = () => missingParts(run, places);
  yield* recoverAtEnd(newParts(noted, resumption), missing, isInSeveral(info), signal);
}

async function* newParts(
  events: AsyncIterable<RunEvent>,
  resumption: Resumption,
): AsyncGenerator<RunEvent, void> {
  for await (const event of events) {
    const newPart = resumption.newPart(event);
    if (newPart) yield newPart;
  }
}

/** Opens the active connection, and retries for as long as a session can live. */
function openWithRetries(
  connections: ConnectionService,
  signal: AbortSignal,
): Promise<OpenConnection> {
  const until = Date.now() + RESUME_TIMEOUT_MS;
  return connections.open(signal, async () => {
    await sleep(RETRY_DELAY_MS, signal);
    return !signal.aborted && Date.now() < until;
  });
}

/**
 * The finished datacenters of a run in several. A datacenter whose targets are all over is finished
 * even if the window closed before it recorded that.
 */
function endedParts({ info, ledger }: Run): PartEnding[] {
  if (!isInSeveral(info)) return [];
  return info.datacenters.flatMap((datacenter): PartEnding[] => {
    const recorded = ledger.partEnds.find((part) => part.datacenter === datacenter);
    if (recorded) return [recorded];
    const targets = [...nodesIn(info, info.targets, datacenter).values()];
    const areOver = targets.every((label) => {
      const result = ledger.get(label);
      return result !== undefined && isOver(result);
    });
    return areOver ? [{ kind: 'partFinished', at: Date.now(), datacenter, end: 'complete' }] : [];
  });
}

/**
 * The datacenters whose results must still be collected.
 * @throws UserError when another connection is active: the run then ends as unreachable for that reason
 */
async function partsOf(
  run: Run,
  connection: OpenConnection,
  connections: ConnectionService,
): Promise<ResumedPart[]> {
  const { info, session } = run;
  if (!session) throw new UserError(vscode.l10n.t('The run was interrupted before it began.'));
  if (connection.name !== info.connection) {
    throw new UserError(
      vscode.l10n.t(
        'A run on {0} was interrupted. To resume it, switch to that connection.',
        info.connection,
      ),
    );
  }
  const settings = readRunSettings(connections.active.profile);
  const ended = new Set(endedParts(run).map(({ datacenter }) => datacenter));
  const open = info.datacenters.filter((datacenter) => !ended.has(datacenter));
  return Promise.all(
    open.map(async (datacenter) => {
      const { consul, options } = await placeIn(connection, datacenter, settings);
      return {
        ...recordedPart(run, datacenter),
        datacenter,
        consul,
        job: sentJob(info.job, info.id, info.guard),
        prefix: session.prefix,
        sessionNode: options.sessionNode,
        quietMs: options.quietMs,
        heartbeatMs: session.heartbeatMs,
      };
    }),
  );
}

/** The recorded attempts and targets of a run in one datacenter, with nodes by their own names. */
function recordedPart(
  { info, session, ledger }: Run,
  datacenter: string,
): Pick<ResumedPart, 'attempts' | 'targets' | 'fenced' | 'keepers'> {
  const labels = nodesIn(info, info.targets, datacenter);
  // Version 1 did not record the datacenter of a single session.
  const first = session?.sessions.find(
    (part) => part.datacenter === datacenter || !isInSeveral(info),
  );
  const further = ledger.attempts.further
    .filter((attempt) => !isInSeveral(info) || attempt.datacenter === datacenter)
    .map(({ session: id, nodes }) => ({
      session: id,
      nodes: [...nodesIn(info, nodes, datacenter).keys()],
    }));
  const fenced = [...labels].filter(([, label]) => ledger.attempts.isFenced(label));
  return {
    attempts: [{ session: first?.session ?? '', nodes: [] }, ...further],
    targets: [...labels.keys()],
    fenced: fenced.map(([node]) => node),
    keepers: ledger.attempts.keepers(datacenter),
  };
}
