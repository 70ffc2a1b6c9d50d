import * as vscode from 'vscode';
import type { RampRule } from '../../exec/ramp/rampRule.ts';
import type { ChoiceOrigin } from '../../exec/targeting/sets/savedSet.ts';
import { ANY, type TargetSelection, ALL_NODES } from '../../exec/targeting/targetSelection.ts';
import { BACK } from '../base/quickInput.ts';
import { pickDatacenters } from './inputs/datacenterPick.ts';
import { askGuard } from './inputs/guardInput.ts';
import { labelsOfAnswer } from './inputs/namedNodes.ts';
import { askSteps } from './inputs/stepsInput.ts';
import { askWait } from './inputs/waitInput.ts';
import type { AcceptedIn } from './review/reviewAnswer.ts';
import { opensAsView, reviewRequest } from './review/reviewRequest.ts';
import type { ReviewView } from './reviewView/reviewView.ts';
import { withOtherLine, withText } from './session/changedScript.ts';
import { type TargetNode, TargetDatacenters } from './session/datacenterTargets.ts';
import { type LabelSubset, type LastSelection, subsetOf } from './session/lastSelection.ts';
import { frameOf, type PickSession } from './session/pickSession.ts';
import { saveSet } from './sets/saveSet.ts';
import { noMatchStep } from './steps/noMatchStep.ts';
import { nodeStep } from './steps/nodeStep.ts';
import { reviewStep, type ReviewResult } from './steps/reviewStep.ts';
import { serviceStep } from './steps/serviceStep.ts';
import { tagStep } from './steps/tagStep.ts';

export interface TargetChoice {
  /** Has the datacenters and settings that the user chose. The caller disposes of the datacenters. */
  readonly session: PickSession;
  readonly selection: TargetSelection;
  readonly origin?: ChoiceOrigin | undefined;
  /** The nodes that run now, grouped by datacenter; at least one. */
  readonly targets: readonly TargetNode[];
  /** Labels of the nodes of later steps, step by step. */
  readonly later: readonly (readonly string[])[];
  /** Set if these steps start on their own. */
  readonly rule?: RampRule | undefined;
  /** How the user accepted the review; undefined if there was none. */
  readonly acceptedIn?: AcceptedIn;
}

/** An earlier selection to start with, for example to run again. */
export interface InitialSelection {
  readonly selection: TargetSelection;
  /** The nodes to select in the review. */
  readonly selected: LabelSubset;
  /** How the nodes were chosen, where their names don't show it. */
  readonly origin?: ChoiceOrigin | undefined;
  /** Whether to review in the view; by default as `opensAsView` decides. */
  readonly inView?: boolean | undefined;
}

/** What the steps need from outside. */
export interface PickServices {
  readonly view: ReviewView;
  /** Called with what was reviewed last, if the user leaves without a choice. */
  readonly onLeave?: ((reviewed: LastSelection) => Promise<void>) | undefined;
}

interface Reviewed extends LastSelection {
  readonly origin: ChoiceOrigin | undefined;
}

/** What the user has chosen so far. */
interface Progress {
  readonly view: ReviewView;
  /** Whether to review in `view`, or in the quick pick; undefined if that isn't decided. */
  readonly inView: boolean | undefined;
  /** What the last review showed when the user left it. */
  readonly reviewed: Reviewed | undefined;
  readonly session: PickSession;
  readonly selection: TargetSelection;
  /** The nodes to select when the review opens; undefined for all nodes that the selection reaches. */
  readonly selected: LabelSubset | undefined;
  /** How the nodes of the selection were chosen, where their names don't show it. */
  readonly origin: ChoiceOrigin | undefined;
}

type StepName =
  'service' | 'datacenters' | 'tag' | 'node' | 'noMatch' | 'review' | 'guard' | 'wait' | 'saveSet';

/** The result of a step: the next step, or the end of the passage. */
type Transition =
  | {
      readonly next: StepName;
      readonly changes?: Partial<Progress>;
      /** Names of the datacenters to use from now on. */
      readonly datacenters?: readonly string[];
    }
  | { readonly chosen: Omit<TargetChoice, 'session' | 'selection' | 'origin'> }
  | { readonly left: LastSelection | undefined };

/** Asks the user. @returns undefined if the user pressed Escape */
type Step = (progress: Progress) => Promise<Transition | undefined>;

const STEPS: Readonly<Record<StepName, Step>> = {
  service: chooseService,
  datacenters: chooseDatacenters,
  tag: chooseTag,
  node: chooseNode,
  noMatch: chooseInsteadOfNone,
  review,
  guard: changeGuard,
  wait: changeWait,
  saveSet: saveReviewed,
};

/**
 * Leads the user through service, tag, nodes and review. Back returns to the previous step; Escape
 * ends the passage, except that it returns to a review that is still open, or that it was pressed on the
 * way from. Nothing is written to Consul.
 * @param session its datacenters are disposed of unless they are in the result
 * @returns undefined if the user pressed Escape
 */
export async function chooseTargets(
  session: PickSession,
  { view, onLeave }: PickServices,
  initial?: InitialSelection,
): Promise<TargetChoice | undefined> {
  const start = { session, view, inView: undefined, reviewed: undefined, origin: undefined };
  let progress: Progress = initial
    ? { ...start, ...initial }
    : { ...start, selection: ALL_NODES, selected: undefined };
  let step: StepName = initial ? 'review' : 'service';
  let isChosen = false;
  try {
    for (;;) {
      const transition: Transition = (await STEPS[step](progress)) ?? escapeFrom(step, progress);
      if ('left' in transition) {
        if (transition.left) await onLeave?.(shortened(transition.left, progress.session));
        return undefined;
      }
      if ('chosen' in transition) {
        isChosen = true;
        const { session: last, selection, origin } = progress;
        return { ...transition.chosen, session: last, selection, origin };
      }
      progress = await applyChanges(progress, transition);
      step = transition.next;
    }
  } finally {
    await view.close(session, isChosen);
    if (!isChosen) progress.session.datacenters.dispose();
  }
}

/** The steps that the review leads to. */
const DETOURS: ReadonlySet<StepName> = new Set(['guard', 'wait', 'saveSet']);

/** What Escape does: a review is not lost by a look at something else. */
function escapeFrom(step: StepName, { inView, reviewed }: Progress): Transition {
  if (DETOURS.has(step)) return { next: 'review' };
  if (!reviewed || inView !== true) return { left: reviewed };
  const { datacenters, ...changes } = reviewed;
  return { next: 'review', changes, datacenters };
}

/** All nodes but a few take less space than the names of thousands. */
function shortened(reviewed: LastSelection, { datacenters }: PickSession): LastSelection {
  const { selection, selected } = reviewed;
  if ('allBut' in selected || !datacenters.haveNames(reviewed.datacenters)) return reviewed;
  return { ...reviewed, selected: subsetOf(datacenters.reachedLabels(selection), selected.only) };
}

async function applyChanges(
  progress: Progress,
  { changes, datacenters }: Extract<Transition, { readonly next: StepName }>,
): Promise<Progress> {
  const changed = { ...progress, ...changes };
  const { session } = changed;
  if (!datacenters || session.datacenters.haveNames(datacenters)) return changed;
  const { connection, settings } = session;
  const opened = await TargetDatacenters.open(connection, datacenters, settings.prefix);
  session.datacenters.dispose();
  return { ...changed, session: { ...session, datacenters: opened } };
}

async function chooseService({ session, selection }: Progress): Promise<Transition | undefined> {
  const answer = await serviceStep(session, selection);
  if (answer === undefined || answer === BACK) return undefined;
  if (answer === 'datacenters') return { next: 'datacenters' };
  if ('again' in answer) {
    const { datacenters, ...changes } = answer.again;
    return { next: 'review', changes: { ...changes, origin: undefined }, datacenters };
  }
  if ('set' in answer) {
    const { selection: ofSet, selected, origin } = answer.set;
    return { next: 'review', changes: { selection: ofSet, selected, origin } };
  }
  const { service } = answer;
  const chosen = { service, tag: ANY, node: ANY };
  return toStep(service.kind === 'any' ? 'node' : 'tag', session, chosen);
}

/** Nothing further can be chosen where no node is left. */
function toStep(next: StepName, session: PickSession, selection: TargetSelection): Transition {
  const changes = { selection, origin: undefined };
  return { next: isEmpty(session, selection) ? 'noMatch' : next, changes };
}

function isEmpty({ datacenters }: PickSession, selection: TargetSelection): boolean {
  const { reached, unreachable } = datacenters.targets(selection);
  return reached.length + unreachable.length === 0;
}

async function chooseDatacenters({ session }: Progress): Promise<Transition | undefined> {
  const datacenters = await pickDatacenters(session);
  if (datacenters === undefined) return undefined;
  return datacenters === BACK ? { next: 'service' } : { next: 'service', datacenters };
}

async function chooseTag({ session, selection }: Progress): Promise<Transition | undefined> {
  const tag = await tagStep(session, selection);
  if (tag === undefined) return undefined;
  if (tag === BACK) return { next: 'service' };
  return toStep('node', session, { ...selection, tag, node: ANY });
}

async function chooseNode(progress: Progress): Promise<Transition | undefined> {
  const { session, selection } = progress;
  const answer = await nodeStep(session, selection, progress.origin);
  if (answer === undefined) return undefined;
  if (answer === BACK) return { next: selection.service.kind === 'any' ? 'service' : 'tag' };
  const { node, selected, origin } = answer;
  return { next: 'review', changes: { selection: { ...selection, node }, selected, origin } };
}

async function chooseInsteadOfNone(progress: Progress): Promise<Transition | undefined> {
  const fix = await noMatchStep(progress.session, progress.selection);
  if (fix === undefined) return undefined;
  // Labels of the former selection mean nothing in the next one.
  const selected = undefined;
  if (fix === BACK) return { next: lastChosen(progress.selection), changes: { selected } };
  return { next: 'review', changes: { selection: fix, selected, origin: undefined } };
}

/** The step of the last field that the user restricted. */
function lastChosen({ tag, node, service }: TargetSelection): StepName {
  if (node.kind !== 'any' || service.kind === 'any') return 'node';
  return tag.kind === 'any' ? 'service' : 'tag';
}

async function review(progress: Progress): Promise<Transition | undefined> {
  const { session, selection, origin, view } = progress;
  if (isEmpty(session, selection)) return { next: 'noMatch' };
  const request = reviewRequest(session, progress);
  // Once the view is open, it stays: what moves while the user reads is hard to trust.
  const inView = progress.inView ?? (opensAsView(request) || undefined);
  const answer = await reviewStep(request, inView === true ? view : undefined);
  const wanted = 'selected' in answer ? answer.selected : request.wanted;
  const datacenters = session.datacenters.all.map(({ datacenter }) => datacenter);
  const reviewed = { selection, datacenters, selected: { only: [...wanted] }, origin };
  if (answer.action === 'leave') return { left: reviewed };
  const transition = await afterReview(progress, answer);
  if (!('next' in transition)) return transition;
  return { ...transition, changes: { inView, reviewed, ...transition.changes } };
}

async function afterReview(
  progress: Progress,
  answer: Exclude<ReviewResult, { readonly action: 'leave' }>,
): Promise<Transition> {
  const { session, view } = progress;
  if (answer.action === 'fix') {
    const changes = { selection: answer.selection, selected: undefined, origin: undefined };
    return { next: 'review', changes };
  }
  if (answer.action === 'run') {
    return answer.inSteps || session.steps !== undefined
      ? chooseSteps(session, answer)
      : { chosen: { targets: answer.targets, later: [], acceptedIn: answer.acceptedIn } };
  }
  const selected = { only: [...answer.selected] };
  switch (answer.action) {
    case 'back':
      return { next: 'node', changes: { selected } };
    case 'openView':
      return { next: 'review', changes: { inView: true, selected } };
    case 'changeScript':
      return { next: 'review', changes: { session: withText(session, answer.text), selected } };
    case 'openPick':
      await view.close(session);
      return { next: 'review', changes: { inView: false, selected } };
    case 'changeGuard':
      return { next: 'guard', changes: { selected } };
    case 'changeWait':
      return { next: 'wait', changes: { selected } };
    case 'saveSet':
      return { next: 'saveSet', changes: { selected } };
    case 'switchAddedLine':
      return { next: 'review', changes: { session: withOtherLine(session), selected } };
  }
}

async function changeGuard({ session }: Progress): Promise<Transition | undefined> {
  const answer = await askGuard(session);
  if (answer === undefined) return undefined;
  if (answer === BACK) return { next: 'review' };
  return { next: 'review', changes: { session: { ...session, guard: answer.guard } } };
}

async function changeWait({ session }: Progress): Promise<Transition | undefined> {
  const quietMs = await askWait(session);
  if (quietMs === undefined) return undefined;
  if (quietMs === BACK) return { next: 'review' };
  const settings = { ...session.settings, quietMs };
  return { next: 'review', changes: { session: { ...session, settings } } };
}

/** Only from the review: `selected` has its nodes. */
async function saveReviewed(progress: Progress): Promise<Transition | undefined> {
  const { session, selection, selected, origin } = progress;
  const labels = labelsOfAnswer(session.datacenters, selection, {
    node: selection.node,
    selected,
  });
  const frame = frameOf(session, 4, vscode.l10n.t('Save These Nodes as a Set'));
  const saved = await saveSet(session, frame, { selection, labels, origin });
  return saved === undefined ? undefined : { next: 'review' };
}

async function chooseSteps(
  session: PickSession,
  { targets, acceptedIn }: Extract<ReviewResult, { readonly action: 'run' }>,
): Promise<Transition> {
  const plan = await askSteps(session, targets);
  if (plan === undefined || plan === BACK) {
    const labels = targets.map(({ label }) => label);
    return { next: 'review', changes: { selected: { only: labels } } };
  }
  const [size = 0, ...rest] = plan.sizes;
  const first = new Set(plan.labels.slice(0, size));
  const later = split(plan.labels.slice(size), rest);
  const firstTargets = targets.filter(({ label }) => first.has(label));
  return { chosen: { targets: firstTargets, later, rule: plan.rule, acceptedIn } };
}

/** @param sizes of the parts; their sum is the number of items */
function split<T>(items: readonly T[], sizes: readonly number[]): T[][] {
  let from = 0;
  return sizes.map((size) => items.slice(from, (from += size)));
}
