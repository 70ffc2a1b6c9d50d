import { ANY, type Choice, EVERYTHING } from '../../exec/choice.ts';
import { tickedAgain } from '../launch/lastChoice.ts';
import { pickDatacenters } from './datacenterPick.ts';
import { nobodyStep } from './nobodyStep.ts';
import { nodeStep } from './nodeStep.ts';
import type { PickSession } from './pickSession.ts';
import { BACK } from '../input/quickInput.ts';
import { type ReviewedSite, reviewStep } from './reviewStep.ts';
import { serviceStep } from './serviceStep.ts';
import { Sites } from './sites.ts';
import { splitSteps } from '../steps/splitSteps.ts';
import { askSteps } from './stepsInput.ts';
import { askWait } from './waitInput.ts';
import { tagStep } from './tagStep.ts';

export interface Chosen {
  readonly choice: Choice;
  /** Who runs now. */
  readonly sites: readonly ReviewedSite[];
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
        if (!answer.inSteps) return { choice, sites: answer.sites, later: [] };
        const labels = labelsOf(session, answer.sites);
        const sizes = await askSteps(session, labels.length);
        if (sizes === undefined) return undefined;
        if (sizes !== BACK) {
          const label: Sites['label'] = (site, name) => session.sites.label(site, name);
          const { first, later } = splitSteps(answer.sites, sizes, label);
          return { choice, sites: first, later };
        }
        ticked = new Set(labels);
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
  return sites.targets(choice).reached.map(({ label }) => label);
}

function labelsOf({ sites }: PickSession, reviewed: readonly ReviewedSite[]): string[] {
  return reviewed.flatMap(({ site, targets }) => targets.map((name) => sites.label(site, name)));
}

function isEmpty({ sites }: PickSession, choice: Choice): boolean {
  const { reached, unreachable } = sites.targets(choice);
  return reached.length + unreachable.length === 0;
}
