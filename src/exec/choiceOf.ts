import type { EventFilters } from '../consul/event.ts';
import { ANY, type Choice, type Pick } from './choice.ts';

/** Filters as a choice: what someone would have typed to get them. */
export function choiceOf({ node, service, tag }: EventFilters): Choice {
  return { node: pickOf(node), service: pickOf(service), tag: pickOf(tag) };
}

function pickOf(expression: string | undefined): Pick {
  return expression ? { kind: 'matching', expression } : ANY;
}
