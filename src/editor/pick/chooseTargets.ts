import { ANY, type Choice, EVERYTHING } from '../../exec/choice.ts';
import { tickedAgain } from '../launch/lastChoice.ts';
import { pickDatacenters } from './datacenterPick.ts';
import { nobodyStep } from './nobodyStep.ts';
import { nodeStep } from './nodeStep.ts';
import type { PickSession } from './pickSession.ts';
import { BACK } from '../input/quickInput.ts';
import { reviewStep } from './reviewStep.ts';
import { serviceStep } from './serviceStep.ts';
import { type SiteNode, Sites } from './sites.ts';
import { askSteps } from './stepsInput.ts';
import { askWait } from './waitInput.ts';
import { tagStep } from './tagStep.ts';

export interface Chosen {
  readonly choice: Choice;
  /** Who runs now, one datacenter after the other; at least one. */
  readonly targets: readonly SiteNode[];
  /** Labels of those that are to run in later steps, step by step. */
  readonly later: readonly (readonly string[])[];
}

/** Where to begin with what was chosen before, such as for running again. */
export interface Start {
  readonly choice: Choice;
  /** Labels of the nodes to tick in the review; all that are reached when left out. */
  readonly ticked?: ReadonlySet<string>;
}

/**
 * Leads through service, tag, nodes and review. Back goes to the step before, Escape ends it.
 * Nothing is written to Consul.
 * @returns undefined when the user escaped
 */
export async function chooseTargets(
  session: PickSession,
  start?: Start,
): Promise<Chosen | undefined> {
  let choice = start?.choice ?? EVERYTHING;
  let ticked = start?.ticked;
  let step: 'service' | 'tag' | 'node' | 'review' = start ? 'review' : 'service';
  for (;;) {
    switch (step) {
      case 'service': {
        const answer = await serviceStep(session, choice);
        if (answer === undefined || answer === BACK) return undefined;
        if (answer === 'datacenters') {
          const names = await pickDatacenters(session);
          if (names === undefined) return undefined;
          if (names !== BACK) await reopen(session, names);
        } else if ('again' in answer) {
          const { again } = answer;
          if (!session.sites.areOf(again.datacenters)) await reopen(session, again.datacenters);
          choice = again.choice;
          ticked = tickedAgain(again, reachedLabels(session, choice));
          step = 'review';
        } else {
          choice = { service: answer.service, tag: ANY, node: ANY };
          step = choice.service.kind === 'any' ? 'node' : 'tag';
        }
        break;
      }
      case 'tag': {
        const answer = await tagStep(session, choice);
        if (answer === undefined) return undefined;
        if (answer !== BACK) choice = { ...choice, tag: answer, node: ANY };
        step = answer === BACK ? 'service' : 'node';
        break;
      }
      case 'node': {
        const answer = await nodeStep(session, choice);
        if (answer === undefined) return undefined;
        if (answer !== BACK) choice = { ...choice, node: answer };
        const before = choice.service.kind === 'any' ? 'service' : 'tag';
        step = answer === BACK ? before : 'review';
        break;
      }
      case 'review': {
        if (isEmpty(session, choice)) {
          const fix = await nobodyStep(session, choice);
          if (fix === undefined) return undefined;
          // They were ticked of a choice that is given up.
          ticked = undefined;
          if (fix === BACK) step = 'node';
          else choice = fix;
          break;
        }
        const answer = await reviewStep(session, choice, ticked);
        if (answer === undefined) return undefined;
        if (answer !== BACK && 'settings' in answer) {
          ticked = answer.settings;
          const quietMs = await askWait(session);
          if (quietMs === undefined) return undefined;
          if (quietMs !== BACK) session.settings = { ...session.settings, quietMs };
          break;
        }
        ticked = undefined;
        if (answer !== BACK && 'fix' in answer) {
          choice = answer.fix;
          break;
        }
        if (answer === BACK) {
          step = 'node';
          break;
        }
        const { targets, inSteps } = answer;
        if (!inSteps) return { choice, targets, later: [] };
        const sizes = await askSteps(session, targets.length);
        if (sizes === undefined) return undefined;
        if (sizes !== BACK) {
          const [first = [], ...later] = deal(targets, sizes);
          return { choice, targets: first, later: later.map((step) => step.map(labelOf)) };
        }
        ticked = new Set(targets.map(labelOf));
        break;
      }
    }
  }
}

async function reopen(session: PickSession, names: readonly string[]): Promise<void> {
  const sites = await Sites.open(session.connection, names, session.settings.prefix);
  session.sites.dispose();
  session.sites = sites;
}

function reachedLabels({ sites }: PickSession, choice: Choice): string[] {
  return sites.targets(choice).reached.map(labelOf);
}

/** @param sizes of the parts; together they are all items */
function deal<T>(items: readonly T[], sizes: readonly number[]): T[][] {
  let from = 0;
  return sizes.map((size) => items.slice(from, (from += size)));
}

function labelOf({ label }: SiteNode): string {
  return label;
}

function isEmpty({ sites }: PickSession, choice: Choice): boolean {
  const { reached, unreachable } = sites.targets(choice);
  return reached.length + unreachable.length === 0;
}
