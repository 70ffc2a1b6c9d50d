import type * as vscode from 'vscode';
import { serviceNames } from '../../consul/catalog/catalogNode.ts';
import { findSessionNode } from '../../consul/catalog/datacenters.ts';
import { payloadSize } from '../../exec/protocol/execEvent.ts';
import { describeFilters } from '../../exec/targeting/describeFilters.ts';
import { resolveFilters } from '../../exec/targeting/resolveFilters.ts';
import { describeSelection } from '../../exec/targeting/targetSelection.ts';
import type { ServiceNodes } from '../../runs/grouping/serviceGroups.ts';
import type { TargetChoice } from '../pick/chooseTargets.ts';
import type { TargetDatacenter, TargetNode } from '../pick/session/datacenterTargets.ts';
import type { NamedJob } from '../source/namedJob.ts';
import type { ConfirmedPart, ConfirmedRun } from '../runs/confirmedRun.ts';

/**
 * Turns what the user confirmed into requests to Consul. The filters are made now, and not before the
 * confirmation, because the catalog can change while the user thinks.
 * @param named where the script comes from
 */
export async function prepareRun(
  choice: TargetChoice,
  { file, place }: Pick<NamedJob, 'file' | 'place'>,
): Promise<ConfirmedRun> {
  const { session, selection, targets } = choice;
  const { connection, runId, job, guard, title, parameters, outputCap } = session;
  const byDatacenter = Map.groupBy(targets, ({ datacenter }) => datacenter);
  const parts = await Promise.all(
    [...byDatacenter].map(([datacenter, nodes]) => preparePart(choice, datacenter, nodes)),
  );
  return {
    id: runId,
    connection,
    startedBy: await session.startedBy,
    job,
    guard,
    parts,
    choice: describeSelection(selection),
    title,
    parameters,
    file,
    place,
    services: servicesOf(targets),
    outputCap,
  };
}

async function preparePart(
  { session: { connection, settings }, selection }: TargetChoice,
  { datacenter, consul, isLocal, rights }: TargetDatacenter,
  nodes: readonly TargetNode[],
): Promise<ConfirmedPart> {
  const { self } = connection;
  const { aclsOff } = rights;
  const targets = nodes.map(({ node }) => node.name);
  const payloadBytes = payloadSize(settings.prefix);
  const [announcements, sessionNode] = await Promise.all([
    resolveFilters(consul, { selection, targets, payloadBytes, isLocal, aclsOff }),
    findSessionNode(consul, self),
  ]);
  const options = { ...settings, kvLimit: self?.kvMaxValueSize, sessionNode };
  return { datacenter, consul, request: { announcements, targets, options } };
}

/** The targets of each service, so that results can be grouped by service. */
function servicesOf(targets: readonly TargetNode[]): ServiceNodes {
  const services = new Map<string, string[]>();
  for (const { node, label } of targets) {
    for (const name of serviceNames(node)) {
      const labels = services.get(name) ?? [];
      services.set(name, labels);
      labels.push(label);
    }
  }
  return Object.fromEntries(services);
}

/** Logs the filters of each datacenter: an expression is not always sent as it was typed. */
export function logFilters(
  log: vscode.LogOutputChannel,
  { session, selection }: TargetChoice,
  { parts }: ConfirmedRun,
): void {
  for (const { datacenter, request } of parts) {
    const target = session.datacenters.all.find((other) => other.datacenter === datacenter);
    const filters = describeFilters(selection, request.announcements, target?.nodes ?? []);
    log.info(`${datacenter}: ${filters}`);
  }
}
