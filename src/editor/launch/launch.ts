import * as vscode from 'vscode';
import { findSessionNode } from '../../consul/datacenters.ts';
import { PermissionError } from '../../consul/errors.ts';
import { type Choice, choiceFilters, describeChoice } from '../../exec/choice.ts';
import { encodeJob, requireFits } from '../../exec/job.ts';
import { missingPermissions } from '../../exec/missingPermissions.ts';
import { payloadSize } from '../../exec/runJob.ts';
import type { ServiceNodes } from '../../runs/groups.ts';
import type { App } from '../app.ts';
import { confirmRun } from './confirm.ts';
import type { OpenConnection } from '../connections/connectionService.ts';
import { views } from '../contributions.ts';
import { followWithProgress } from './followWithProgress.ts';
import { readLastChoice, rememberChoice } from './lastChoice.ts';
import type { NamedJob } from './namedJob.ts';
import { chooseTargets, type Start } from '../pick/chooseTargets.ts';
import { type PickSession, placeOf } from '../pick/pickSession.ts';
import type { ReviewedSite } from '../pick/reviewStep.ts';
import { Sites } from '../pick/sites.ts';
import type { ConfirmedPart } from '../runs/runService.ts';
import { readRunSettings, type RunSettings } from '../settings.ts';
import { UserError } from '../userError.ts';

/** Where to begin when a run is made again. */
export interface Again extends Start {
  readonly datacenters: readonly string[];
}

/**
 * From a job to a run: connects, lets the user choose and review the targets, confirms, starts.
 * Every way a job can be asked for ends here, so that none goes around the review.
 */
export async function launch(app: App, { job, title }: NamedJob, again?: Again): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new UserError(
      vscode.l10n.t('Runs are off in a restricted window. Trust the workspace to run on nodes.'),
    );
  }
  const settings = readRunSettings(app.connections.active.profile);
  const encoded = encodeJob(job, settings.quietMs);
  const { connection, sites, seesAllNodes } = await inView(async () => {
    const connection = await app.connections.open();
    requireFits(job, encoded, connection.self?.kvMaxValueSize);
    const seesAllNodes = await requirePermissions(connection, settings);
    const sites = await Sites.open(connection, again?.datacenters ?? []);
    return { connection, sites, seesAllNodes };
  });
  const last = readLastChoice(app.state);
  const session: PickSession = { connection, job, title, settings, sites, seesAllNodes, last };
  try {
    const chosen = await chooseTargets(session, again);
    if (!chosen) return;
    const labels = chosen.sites.flatMap(({ site, targets }) =>
      targets.map((name) => session.sites.label(site, name)),
    );
    const place = placeOf(session);
    const always = connection.production;
    if (!(await confirmRun({ job, targets: labels, place, always }))) return;
    await rememberChoice(app.state, chosen.choice);
    const parts = await Promise.all(
      chosen.sites.map((site) => confirmedPart(session, chosen.choice, site)),
    );
    const choice = describeChoice(chosen.choice);
    const services = servicesOf(session.sites, chosen.sites);
    const confirmed = { connection, job, parts, choice, title, services };
    const { listed, ended } = await app.runs.start(confirmed);
    void followWithProgress(app.runs, listed, ended);
  } finally {
    session.sites.dispose();
  }
}

/** Which of the targets have which service, so that results can be grouped by it. */
function servicesOf(sites: Sites, reviewed: readonly ReviewedSite[]): ServiceNodes {
  const services = new Map<string, string[]>();
  for (const { site, targets } of reviewed) {
    const wanted = new Set(targets);
    for (const node of site.nodes) {
      if (!wanted.has(node.name)) continue;
      const names = new Set(node.services.map(({ name }) => name));
      for (const name of names) {
        const labels = services.get(name) ?? [];
        services.set(name, labels);
        labels.push(sites.label(site, node.name));
      }
    }
  }
  return Object.fromEntries(services);
}

/**
 * The filters are worked out now, from the catalog as it is after the last question: nodes that came
 * while a dialog was open must not be reached.
 */
async function confirmedPart(
  { connection, job, settings, seesAllNodes }: PickSession,
  choice: Choice,
  { site, targets }: ReviewedSite,
): Promise<ConfirmedPart> {
  const { self } = connection;
  const { datacenter, consul, nodes } = site;
  // What the token may see was asked in the agent's own datacenter only.
  const complete = seesAllNodes && datacenter === self?.datacenter;
  const payload = payloadSize(settings.prefix);
  const announcements = choiceFilters(choice, targets, nodes, payload, complete);
  const sessionNode = await findSessionNode(consul, self?.datacenter);
  const options = { ...settings, kvLimit: self?.kvMaxValueSize, sessionNode };
  return { datacenter, consul, request: { job, announcements, targets, options } };
}

/**
 * Finds out what is missing before the user has chosen anything; where the servers do not tell, the
 * run itself will.
 * @returns whether the token may see every node; false when the servers do not tell
 * @throws PermissionError
 */
async function requirePermissions(
  { consul, self }: OpenConnection,
  { prefix }: RunSettings,
): Promise<boolean> {
  const sessionNode = (await findSessionNode(consul, self?.datacenter)) ?? self?.nodeName;
  const subject = { prefix, sessionNode: sessionNode ?? '' };
  const missing = await missingPermissions(consul, subject);
  const fatal = missing?.find(({ resource }) => ['key', 'event', 'session'].includes(resource));
  if (fatal) throw new PermissionError(fatal, consul.transport.hasToken);
  return missing?.every(({ resource }) => !['node', 'service'].includes(resource)) ?? false;
}

/** Work that the user waits for, shown as a moving bar on the Runs view. */
async function inView<T>(work: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: { viewId: views.runs } }, work);
}
