import { fillPage, type PageRequest } from '../page.ts';
import { runFacts, type RunListing } from './runFacts.ts';

/** Runs, newest first. */
export function runList(request: PageRequest, runs: readonly RunListing[]) {
  return fillPage(request, { count: runs.length }, 'runs', runs, ({ info, state, counts }) => ({
    ...runFacts(request.texts, info),
    state,
    nodes: info.targets.length,
    ...(counts && { counts }),
  }));
}
