import type { NodeResult } from '../model/nodeStatus.ts';
import { describeExit, describeState } from '../text/stateText.ts';
import type { RunSnapshot } from './snapshot.ts';

/** The exit code of a node; else its state, at `now` if the run has not ended. */
export function resultWords(run: RunSnapshot, result: NodeResult | undefined, now: number): string {
  return result?.code === undefined ? stateWords(run, result, now) : describeExit(result);
}

/** The state of a node with its times. */
export function stateWords(
  { ledger }: RunSnapshot,
  result: NodeResult | undefined,
  now: number,
): string {
  return result ? describeState(result, ledger.end, ledger.finishedAt ?? now) : '';
}
