import * as vscode from 'vscode';
import { ANY, type Choice, chosenTargets, EVERYTHING } from '../../exec/choice.ts';
import { nodeStep } from './nodeStep.ts';
import type { PickSession } from './pickSession.ts';
import { BACK } from './quickInput.ts';
import { type Reviewed, reviewStep } from './reviewStep.ts';
import { serviceStep } from './serviceStep.ts';
import { tagStep } from './tagStep.ts';

export interface Chosen extends Reviewed {
  readonly choice: Choice;
}

/**
 * Leads through service, tag, nodes and review. Back goes to the step before, Escape ends it.
 * Nothing is written to Consul.
 * @param start where to begin with a choice made before, such as for running again
 * @returns undefined when the user escaped
 */
export async function chooseTargets(
  session: PickSession,
  start?: Choice,
): Promise<Chosen | undefined> {
  let choice = start ?? EVERYTHING;
  let step: 'service' | 'tag' | 'node' | 'review' = start ? 'review' : 'service';
  for (;;) {
    switch (step) {
      case 'service': {
        const answer = await serviceStep(session, choice);
        if (answer === undefined || answer === BACK) return undefined;
        if ('again' in answer) {
          choice = answer.again;
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
          await vscode.window.showWarningMessage(nobody(session));
          step = 'node';
          break;
        }
        const answer = await reviewStep(session, choice);
        if (answer === undefined) return undefined;
        if (answer !== BACK) return { ...answer, choice };
        step = 'node';
        break;
      }
    }
  }
}

function isEmpty({ nodes }: PickSession, choice: Choice): boolean {
  const { reached, unreachable } = chosenTargets(choice, nodes);
  return reached.length + unreachable.length === 0;
}

function nobody({ connection, nodes }: PickSession): string {
  return nodes.length === 0
    ? vscode.l10n.t(
        'Consul shows no node of {0} to you. Your token may lack node:read and service:read.',
        connection.datacenter,
      )
    : vscode.l10n.t('No node of {0} matches this choice. Nothing was run.', connection.datacenter);
}
