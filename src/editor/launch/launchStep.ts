import { randomUUID } from 'node:crypto';
import { ANY } from '../../exec/targeting/targetSelection.ts';
import { splitNodeLabel } from '../../base/nodeLabel.ts';
import { requireTrust } from '../base/requireTrust.ts';
import { whoStarts } from './whoStarts.ts';
import type { RunSettings } from '../base/settings.ts';
import type { OpenConnection } from '../connections/connectionService.ts';
import { TargetDatacenters } from '../pick/session/datacenterTargets.ts';
import type { StartedRun } from '../runs/runFollower.ts';
import type { LaunchServices } from './launchServices.ts';
import type { NamedJob } from '../source/namedJob.ts';
import { logFilters, prepareRun } from './prepareRun.ts';
import { type Place, requirePlace } from './returnToConnection.ts';

/** A step of a run in steps, as the user confirmed it before the first step. */
export interface ConfirmedStep {
  readonly named: NamedJob;
  readonly place: Place;
  readonly settings: RunSettings;
  /** All datacenters of the selection. */
  readonly datacenters: readonly string[];
  /** Labels of its nodes. */
  readonly labels: readonly string[];
  /**
   * Called right before the run starts, when nothing can fail any more.
   * @returns whether it can start
   */
  readonly commit: () => Promise<boolean>;
}

export interface LaunchedStep {
  /** Undefined if all of its nodes are gone. */
  readonly started: StartedRun | undefined;
  /** Labels of the nodes that the catalog no longer lists. */
  readonly skipped: readonly string[];
}

/**
 * Starts a later step without a review: on the same connection, with the same settings, and only on
 * nodes that the user confirmed. Throws only before the run starts.
 * @returns undefined if `commit` refused
 */
export async function launchStep(
  services: LaunchServices,
  step: ConfirmedStep,
): Promise<LaunchedStep | undefined> {
  const { connections, follower, log } = services;
  const { named, place, settings, labels } = step;
  requireTrust();
  requirePlace(connections, place);
  const connection = await connections.open();
  const datacenters = await TargetDatacenters.open(connection, step.datacenters, settings.prefix);
  try {
    const choice = choiceOf({ ...named, settings, labels, connection, datacenters });
    const found = new Set(choice.targets.map(({ label }) => label));
    const skipped = labels.filter((label) => !found.has(label));
    if (found.size === 0) {
      return (await step.commit()) ? { started: undefined, skipped } : undefined;
    }
    const run = await prepareRun(choice, named);
    // The settings can have changed while Consul was asked.
    requirePlace(connections, place);
    requireTrust();
    if (!(await step.commit())) return undefined;
    logFilters(log, choice, run);
    return { started: await follower.start(run), skipped };
  } finally {
    datacenters.dispose();
  }
}

interface ChoiceParts extends NamedJob {
  readonly settings: RunSettings;
  readonly labels: readonly string[];
  readonly connection: OpenConnection;
  readonly datacenters: TargetDatacenters;
}

/** The same as if the user had selected exactly these nodes, also those that can't respond now. */
function choiceOf(parts: ChoiceParts) {
  const { job, guard, title, parameters = [], outputCap, settings, labels } = parts;
  const { connection, datacenters } = parts;
  const names = labels.map((label) =>
    datacenters.hasSeveral ? splitNodeLabel(label).node : label,
  );
  const node = { kind: 'exactly', names: [...new Set(names)] } as const;
  const selection = { service: ANY, tag: ANY, node };
  const { reached, unreachable } = datacenters.targets(selection);
  const wanted = new Set(labels);
  const session = {
    connection,
    runId: randomUUID(),
    startedBy: whoStarts(connection.consul),
    job,
    guard,
    outputCap,
    title,
    script: undefined,
    parameters,
    usesAddedLine: true,
    isNextStep: true,
    mayHaveRun: new Set<string>(),
    settings,
    datacenters,
    last: undefined,
    left: undefined,
  };
  const targets = [...reached, ...unreachable].filter(({ label }) => wanted.has(label));
  return { session, selection, targets, later: [] };
}
