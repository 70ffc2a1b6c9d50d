import * as vscode from 'vscode';
import { findSessionNode } from '../../consul/datacenters.ts';
import { type Choice, describeChoice } from '../../exec/choice.ts';
import { describeFilters } from '../../exec/describeFilters.ts';
import { filtersNow } from '../../exec/filtersNow.ts';
import { encodeJob, requireFits } from '../../exec/job.ts';
import { payloadSize } from '../../exec/runJob.ts';
import type { ServiceNodes } from '../../runs/groups.ts';
import type { App } from '../app.ts';
import type { NamedJob } from './namedJob.ts';
import { confirmRun } from './confirm.ts';
import { views } from '../contributions.ts';
import { followWithProgress } from './followWithProgress.ts';
import { readLastChoice, rememberChoice, ticksOf } from './lastChoice.ts';
import { chooseTargets, type Chosen, type Start } from '../pick/chooseTargets.ts';
import { type PickSession, placeOf } from '../pick/pickSession.ts';
import { type Site, type SiteNode, Sites } from '../pick/sites.ts';
import { returnToConnection } from './returnToConnection.ts';
import type { ConfirmedPart } from '../runs/runService.ts';
import { readRunSettings } from '../settings.ts';
import type { PlannedStep } from '../steps/plannedSteps.ts';
import { UserError } from '../userError.ts';

/** Where to begin when a run is made again. */
export interface Again extends Start {
  readonly datacenters: readonly string[];
  /** The name of the connection it was made through. */
  readonly connection: string;
  /** The run whose next step it is, if it was made in steps. */
  readonly after?: { readonly id: string; readonly step: PlannedStep } | undefined;
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
  if (again && !(await returnToConnection(app.connections, again.connection))) return;
  const settings = readRunSettings(app.connections.active.profile);
  const encoded = encodeJob(job, settings.quietMs);
  const { connection, sites } = await inView(async () => {
    const connection = await app.connections.open();
    requireFits(job, encoded, connection.self?.kvMaxValueSize);
    const sites = await Sites.open(connection, again?.datacenters ?? [], settings.prefix);
    return { connection, sites };
  });
  const last = readLastChoice(app.state, connection.name);
  const goesOn = again?.after !== undefined;
  const session: PickSession = { connection, job, title, goesOn, settings, sites, last };
  try {
    const chosen = await chooseTargets(session, again);
    if (!chosen) return;
    const labels = chosen.targets.map(({ label }) => label);
    const place = placeOf(session);
    const always = connection.production;
    if (!(await confirmRun({ job, targets: labels, place, always }))) return;
    const remembered = goesOn
      ? undefined
      : remember(app, session, chosen, [...labels, ...chosen.later.flat()]);
    const services = servicesOf(chosen.targets);
    const bySite = [...Map.groupBy(chosen.targets, ({ site }) => site)];
    // Their waiting reads would hold sockets that the run needs.
    session.sites.dispose();
    const parts = await inView(() =>
      Promise.all(
        bySite.map(([site, targets]) => confirmedPart(session, chosen.choice, site, targets)),
      ),
    );
    tellHowItTravels(app, chosen.choice, bySite, parts);
    await remembered;
    const choice = describeChoice(chosen.choice);
    const confirmed = { connection, job, parts, choice, title, services };
    const { listed, ended } = await app.runs.start(confirmed);
    await planSteps(app, listed.id, labels, chosen, again?.after);
    void followWithProgress(app.runs, listed, ended);
  } finally {
    session.sites.dispose();
  }
}

/** In the log: an expression does not always travel as it was typed. */
function tellHowItTravels(
  { log }: App,
  choice: Choice,
  bySite: readonly (readonly [Site, readonly SiteNode[]])[],
  parts: readonly ConfirmedPart[],
): void {
  for (const [i, { datacenter, request }] of parts.entries()) {
    const nodes = bySite[i]?.[0].nodes ?? [];
    log.info(`${datacenter}: ${describeFilters(choice, request.announcements, nodes)}`);
  }
}

/** Keeps who is to run in later steps, if any. */
async function planSteps(
  { steps, runs }: App,
  id: string,
  labels: readonly string[],
  { later }: Chosen,
  after: Again['after'],
): Promise<void> {
  const isListed = (one: string) => runs.find(one) !== undefined;
  if (after) {
    const { step, of, later: waiting, earlier } = after.step;
    // Having gone back, the user can have chosen others: that is a run of its own.
    const meant = new Set(waiting[0]);
    if (!labels.every((label) => meant.has(label))) return;
    const next = { step: step + 1, of, later: waiting.slice(1), earlier: [...earlier, after.id] };
    await steps.add(id, next, isListed);
  } else if (later.length > 0) {
    await steps.add(id, { step: 1, of: later.length + 1, later, earlier: [] }, isListed);
  }
}

function remember(
  { state }: App,
  { sites, connection }: PickSession,
  { choice }: Chosen,
  labels: readonly string[],
): Promise<void> {
  const datacenters = sites.all.map(({ datacenter }) => datacenter);
  const reached = sites.targets(choice).reached.map(({ label }) => label);
  const ticks = ticksOf(reached, labels);
  return rememberChoice(state, connection.name, { choice, datacenters, ticks });
}

/** Which of the targets have which service, so that results can be grouped by it. */
function servicesOf(targets: readonly SiteNode[]): ServiceNodes {
  const services = new Map<string, string[]>();
  for (const { node, label } of targets) {
    const names = new Set(node.services.map(({ name }) => name));
    for (const name of names) {
      const labels = services.get(name) ?? [];
      services.set(name, labels);
      labels.push(label);
    }
  }
  return Object.fromEntries(services);
}

/** The filters are worked out after the last question: the catalog has gone on meanwhile. */
async function confirmedPart(
  { connection: { self }, job, settings }: PickSession,
  choice: Choice,
  site: Site,
  nodes: readonly SiteNode[],
): Promise<ConfirmedPart> {
  const targets = nodes.map(({ node }) => node.name);
  const { datacenter, consul, home, rights } = site;
  const payloadBytes = payloadSize(settings.prefix);
  const { aclsOff } = rights;
  const [announcements, sessionNode] = await Promise.all([
    filtersNow(consul, { choice, targets, payloadBytes, home, aclsOff }),
    findSessionNode(consul, self?.datacenter),
  ]);
  const options = { ...settings, kvLimit: self?.kvMaxValueSize, sessionNode };
  return { datacenter, consul, request: { job, announcements, targets, options } };
}

/** Work that the user waits for, shown as a moving bar on the Runs view. */
async function inView<T>(work: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: { viewId: views.runs } }, work);
}
