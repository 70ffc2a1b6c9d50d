import type { Incomplete } from '../../exec/guard/recoverNodes.ts';
import type { Ledger } from './ledger.ts';
import type { NodeResult } from './nodeStatus.ts';

/**
 * Codes that need not be the job's own: 255 of an agent that failed (PROTOCOL.md §2.4), and 125 of a guard
 * that found the folder of the run, because its agent was started again and got the event a second time.
 */
const UNCERTAIN_CODES: readonly (number | undefined)[] = [255, 125];

/**
 * The nodes of a guarded run whose results are not known in full: lost ones, and those whose agent may
 * have failed to upload.
 * @param among labels; undefined for all nodes
 */
export function missingResults(
  ledger: Ledger,
  among?: Iterable<string>,
): ReadonlyMap<string, Incomplete> {
  const wanted = among && new Set(among);
  const found = new Map<string, Incomplete>();
  for (const result of ledger.nodes) {
    if (!isMissing(result) || wanted?.has(result.node) === false) continue;
    const { node, bytes, missingChunks = 0, code } = result;
    found.set(node, { bytes, hasGap: missingChunks > 0, ...(code !== undefined && { code }) });
  }
  return found;
}

function isMissing({ state, code, recovery }: NodeResult): boolean {
  if (state === 'lost') return true;
  const isConfirmed = recovery === 'all' || recovery === 'cut';
  return state === 'exited' && UNCERTAIN_CODES.includes(code) && !isConfirmed;
}
