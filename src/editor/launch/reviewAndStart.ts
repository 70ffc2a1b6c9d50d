import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import {
  type Directive,
  isEmptyDirective,
  namesTargets,
  valueOf,
} from '../../exec/directive/directive.ts';
import { directiveTargets } from '../../exec/directive/directiveTargets.ts';
import { sentJob } from '../../exec/guard/guardJob.ts';
import { requireFitsInKv } from '../../exec/protocol/job.ts';
import { views } from '../base/contributions.ts';
import { readGuard, readRunSettings } from '../base/settings.ts';
import type { ConnectionService } from '../connections/connectionService.ts';
import { narrowGuard, outputCapOf, requireSound } from '../directive/beginByDirective.ts';
import { chooseByDirective, type DirectiveChoice } from '../directive/directiveChoice.ts';
import { withValues } from '../parameters/withValues.ts';
import {
  chooseTargets,
  type InitialSelection,
  type PickServices,
  type TargetChoice,
} from '../pick/chooseTargets.ts';
import { TargetDatacenters } from '../pick/session/datacenterTargets.ts';
import {
  labelsIn,
  lastSelections,
  leftSelections,
  subsetOf,
} from '../pick/session/lastSelection.ts';
import { locationLabel, type PickSession } from '../pick/session/pickSession.ts';
import { confirmRun, confirmSteps, type RunToConfirm } from './confirm.ts';
import { followWithProgress } from './followWithProgress.ts';
import type { StartedRun } from '../runs/runFollower.ts';
import type { LaunchServices } from './launchServices.ts';
import type { NamedJob } from '../source/namedJob.ts';
import { planSteps } from './planSteps.ts';
import { logFilters, prepareRun } from './prepareRun.ts';
import { prepareSteps, servicesToLock } from './prepareSteps.ts';
import type { RerunTarget } from './rerunOn.ts';
import { whoStarts } from './whoStarts.ts';
import { returnToConnection, switchToNamed } from './returnToConnection.ts';

/** Starts the run that the user reviewed and confirmed. */
export async function startReviewed(
  services: LaunchServices,
  reviewed: Reviewed,
  rerun: RerunTarget | undefined,
): Promise<StartedRun> {
  const { choice, job } = reviewed;
  const { state } = services;
  try {
    if (!choice.session.isNextStep) await rememberChoice(state, choice);
    // What the user confirmed doesn't change any more.
    choice.session.datacenters.dispose();
    const run = await showingProgress(() => prepareRun(choice, job));
    const { rule } = choice;
    const steps = rule && {
      rule,
      prepared: await showingProgress(() => prepareSteps(services.connections, choice)),
    };
    logFilters(services.log, choice, run);
    const started = await services.follower.start(run).catch(async (error: unknown) => {
      await steps?.prepared.locks?.release();
      throw error;
    });
    const { listed, ended } = started;
    // The run can end before this is saved.
    const saved = planSteps(services, listed.id, choice, rerun?.after);
    if (steps) await services.ramps.begin(listed, choice, steps.rule, steps.prepared);
    await saved;
    void followWithProgress(listed, ended);
    return started;
  } finally {
    choice.session.datacenters.dispose();
  }
}

export interface Reviewed {
  readonly choice: TargetChoice;
  /** With the values of its parameters. */
  readonly job: NamedJob;
}

/** Connects, lets the user select and review the targets, and asks for confirmation. @returns undefined if the user left */
export async function reviewJob(
  services: LaunchServices,
  named: NamedJob,
  rerun: RerunTarget | undefined,
): Promise<Reviewed | undefined> {
  if (!(await useItsConnection(services.connections, named, rerun))) return undefined;
  const job = await withValues(services.state, named);
  if (!job) return undefined;
  const view = await services.reviewHost.open();
  const { session, initial } = await openSession(services, job, rerun);
  const { state } = services;
  const { name } = session.connection;
  // The nodes of a run that runs again, or of its next step, say nothing about the next script.
  const onLeave = rerun ? undefined : leftSelections.writer(state, name);
  const choice = await chooseAndConfirm({ view, onLeave }, session, initial);
  return choice && { choice, job };
}

/** A run that runs again, and a script that names its connection, run nowhere else. */
async function useItsConnection(
  connections: ConnectionService,
  { directive }: NamedJob,
  rerun: RerunTarget | undefined,
): Promise<boolean> {
  if (rerun) return returnToConnection(connections, rerun.connection);
  if (!directive) return true;
  requireSound(directive);
  const name = valueOf(directive, 'connection');
  return name === undefined || switchToNamed(connections, name);
}

/** Canceling the question returns to the review, with everything as it was. */
async function chooseAndConfirm(
  services: PickServices,
  session: PickSession,
  initial: InitialSelection | undefined,
): Promise<TargetChoice | undefined> {
  let choice = await chooseTargets(session, services, initial);
  try {
    while (choice && !(await confirmChoice(choice))) {
      const { session: last, selection, origin, acceptedIn } = choice;
      const selected = { only: chosenLabels(choice) };
      const inView = acceptedIn && acceptedIn !== 'pick';
      choice = await chooseTargets(last, services, { selection, selected, origin, inView });
    }
    return choice;
  } catch (error) {
    choice?.session.datacenters.dispose();
    throw error;
  }
}

/** Connects and reads the nodes. Checks what can be checked before the user selects anything. */
async function openSession(
  { connections, state }: LaunchServices,
  named: NamedJob,
  rerun: RerunTarget | undefined,
): Promise<OpenedSession> {
  const { job, title, script, parameters = [], directive: written, proposal } = named;
  const { profile } = connections.active;
  const settings = readRunSettings(profile);
  const directive = rerun || !written || isEmptyDirective(written) ? undefined : written;
  const guard = narrowGuard(named.guard ?? readGuard(profile), directive);
  const runId = randomUUID();
  return showingProgress(async () => {
    const connection = await connections.open();
    requireFitsInKv(sentJob(job, runId, guard), connection.self?.kvMaxValueSize);
    const startedBy = whoStarts(connection.consul, proposal !== undefined);
    const names = rerun?.datacenters ?? (directive ? directiveTargets(directive).datacenters : []);
    const datacenters = await TargetDatacenters.open(connection, names, settings.prefix);
    const isNextStep = rerun?.after !== undefined;
    const last = lastSelections.read(state, connection.name);
    const left = leftSelections.read(state, connection.name);
    const session: PickSession = {
      connection,
      runId,
      startedBy,
      job,
      guard,
      title,
      script,
      parameters,
      usesAddedLine: true,
      isNextStep,
      mayHaveRun: new Set(rerun?.mayHaveRun),
      settings,
      datacenters,
      last,
      left,
      steps: directive && valueOf(directive, 'steps'),
      outputCap: directive ? outputCapOf(directive) : named.outputCap,
      proposal,
    };
    const choice = await choiceOf(session, directive);
    return choice
      ? { session: { ...session, choiceWarnings: choice.warnings }, initial: choice }
      : { session, initial: rerun };
  });
}

interface OpenedSession {
  readonly session: PickSession;
  /** What the review begins with, if that is known. */
  readonly initial: InitialSelection | undefined;
}

/** Disposes of the datacenters if that fails. */
async function choiceOf(
  session: PickSession,
  directive: Directive | undefined,
): Promise<DirectiveChoice | undefined> {
  if (!directive || !namesTargets(directive)) return undefined;
  try {
    const choice = await chooseByDirective(session, directive);
    const { selection, selected } = choice;
    const { connection, job, proposal } = session;
    const reached = session.datacenters.reachedLabels(selection);
    proposal?.onReview({ connection, job, targets: [...labelsIn(selected, reached)] });
    return choice;
  } catch (error) {
    session.datacenters.dispose();
    throw error;
  }
}

function confirmChoice(choice: TargetChoice): Promise<boolean> {
  const { session, targets, later, rule } = choice;
  const labels = targets.map(({ label }) => label);
  const { job, parameters } = session;
  const place = locationLabel(session);
  const what = { job, parameters, place, isProposed: session.proposal !== undefined };
  if (rule) {
    const locks = servicesToLock(choice);
    return confirmSteps({ ...what, steps: [labels, ...later], rule, locks });
  }
  return confirmRun({ ...what, targets: labels, when: whenToConfirm(choice) });
}

/**
 * The row of the review as a view names the run, beside its script and its nodes, so that a question
 * would repeat it. Other extensions can call a command, but only the user can answer a question. A proposed
 * run comes without the user's doing, so that a click could be meant for what was there before.
 */
function whenToConfirm({ session, acceptedIn }: TargetChoice): RunToConfirm['when'] {
  const { connection, proposal } = session;
  if (connection.production || proposal || acceptedIn === 'command') return 'always';
  return acceptedIn === 'row' ? 'never' : 'many';
}

/** Saves the selection, to offer it next time. */
async function rememberChoice(state: vscode.Memento, choice: TargetChoice): Promise<void> {
  const { session, selection } = choice;
  const { connection, datacenters } = session;
  await lastSelections.write(state, connection.name, {
    selection,
    datacenters: datacenters.all.map(({ datacenter }) => datacenter),
    selected: subsetOf(datacenters.reachedLabels(selection), chosenLabels(choice)),
  });
  await leftSelections.write(state, connection.name, undefined);
}

/** Labels of all nodes that the user chose, also for later steps. */
function chosenLabels({ targets, later }: TargetChoice): string[] {
  return [...targets.map(({ label }) => label), ...later.flat()];
}

/** Shows progress in the Runs view while the user waits. */
async function showingProgress<T>(work: () => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: { viewId: views.runs } }, work);
}
