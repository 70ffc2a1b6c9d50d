import * as vscode from 'vscode';
import { mergeSequences } from '../../base/mergeSequences.ts';
import type { BeginTimes } from '../../exec/endJob/endJob.ts';
import { endOnNodes, type NodeEnding } from '../../exec/endJob/endOnNodes.ts';
import type { RunEvent } from '../../exec/events/runEvent.ts';
import { nodesIn } from '../../runs/model/runNodes.ts';
import type { Run } from '../../runs/run.ts';
import { readRunSettings } from '../base/settings.ts';
import type { OpenConnection } from '../connections/connectionService.ts';
import { placeIn } from '../connections/runPlace.ts';
import type { LaunchServices } from '../launch/launchServices.ts';
import type { ListedRun } from '../runs/listedRun.ts';

export interface EndPlan {
  readonly listed: ListedRun;
  readonly run: Run;
  /** By the run's names of the nodes. */
  readonly nodes: ReadonlyMap<string, BeginTimes>;
  /** Whether to end all jobs that can be the one, where they can't be told apart. */
  readonly all: boolean;
}

/** What came of it on each node; `node` is the run's name of it. */
export interface Endings {
  readonly all: readonly NodeEnding[];
  /** Whether they are recorded: not if another window collects the run. */
  readonly recorded: boolean;
}

/** Ends the job, and records what came of it: at once in a run that this window collects. */
export async function endWithProgress(
  { connections, follower, log }: LaunchServices,
  plan: EndPlan,
): Promise<Endings> {
  const { listed, nodes } = plan;
  const connection = await connections.open();
  const settings = readRunSettings(connections.active.profile);
  const all: NodeEnding[] = [];
  const late: RunEvent[] = [];
  const title =
    nodes.size === 1
      ? vscode.l10n.t('Ending the job on 1 node')
      : vscode.l10n.t('Ending the job on {0} nodes', nodes.size);
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const stop = new AbortController();
      const subscription = token.onCancellationRequested(() => stop.abort());
      try {
        for await (const ending of endEvents(connection, plan, settings, stop.signal)) {
          all.push(ending);
          progress.report({ message: vscode.l10n.t('{0} of {1}', all.length, nodes.size) });
          const event = endedEvent(ending);
          log.info(`Run ${listed.id}: End on ${ending.node}: ${JSON.stringify(ending)}`);
          if (!listed.isActive || !(await follower.record(listed, [event]))) late.push(event);
        }
      } finally {
        subscription.dispose();
      }
    },
  );
  const recorded = late.length === 0 || (await follower.record(listed, late));
  return { all, recorded };
}

function endedEvent({ node, report, failure = 'notKnown' }: NodeEnding): RunEvent {
  return {
    kind: 'ended',
    at: Date.now(),
    node,
    outcome: report?.outcome ?? failure,
    ...(report?.signal === undefined ? {} : { signal: report.signal }),
    ...(report?.loose === undefined ? {} : { loose: report.loose }),
  };
}

async function* endEvents(
  connection: OpenConnection,
  { run: { info }, nodes, all }: EndPlan,
  settings: ReturnType<typeof readRunSettings>,
  signal: AbortSignal,
): AsyncGenerator<NodeEnding, void> {
  const parts = info.datacenters.flatMap((datacenter) => {
    const labels = nodesIn(info, [...nodes.keys()], datacenter);
    if (labels.size === 0) return [];
    return [{ labels, endings: endPart(datacenter, labels) }];
  });
  async function* endPart(datacenter: string, labels: ReadonlyMap<string, string>) {
    const { consul, options } = await placeIn(connection, datacenter, settings, signal);
    const times = new Map<string, BeginTimes>();
    for (const [node, label] of labels) {
      const began = nodes.get(label);
      if (began) times.set(node, began);
    }
    const request = { runId: info.id, job: info.job, nodes: times, options, all };
    yield* endOnNodes(consul, request, signal);
  }
  for await (const { source, result } of mergeSequences(parts, ({ endings }) => endings)) {
    if (result.failed) throw result.error;
    const { node } = result.value;
    yield { ...result.value, node: source.labels.get(node) ?? node };
  }
}
