import type { EndOutcome } from '../events/runEvent.ts';
import { END_NAME } from './endScript.ts';

export interface EndReport {
  readonly outcome: EndOutcome;
  /** The strongest signal that was sent. */
  readonly signal?: 'SIGTERM' | 'SIGKILL';
  /** How many processes of the job are over. */
  readonly processes?: number;
  /** How many are left, where it was refused or stuck. */
  readonly left?: number;
  /** How many jobs can be the one, where it is ambiguous. */
  readonly candidates?: number;
  /** Whether the job was found by the marks of its guard. */
  readonly guarded: boolean;
  /** The agent has started since the job began. */
  readonly restarted?: boolean;
  /**
   * Ids of processes that jobs of this agent left behind since this one began: each can be of this job,
   * and was not signaled. At most eight.
   */
  readonly loose?: readonly number[];
}

const OUTCOMES: ReadonlySet<string> = new Set<EndOutcome>([
  'ended',
  'over',
  'missing',
  'refused',
  'ambiguous',
  'blind',
  'stuck',
]);

const FACT = /^([a-z]+)=([A-Z]+|\d{1,10}(?:,\d{1,10}){0,7})$/;

/**
 * Finds the report in the output of the script.
 * @param nonce of the request: without it, a line is something else
 * @returns undefined if there is no valid report, or several that differ
 */
export function parseEndReport(output: Uint8Array, nonce: string): EndReport | undefined {
  const start = `${END_NAME} ${nonce} `;
  const lines = Buffer.from(output).toString('latin1').split('\n');
  const [line, another] = new Set(lines.filter((text) => text.startsWith(start)));
  if (line === undefined || another !== undefined) return undefined;
  const [outcome = '', ...words] = line.slice(start.length).split(' ').filter(Boolean);
  if (!isOutcome(outcome)) return undefined;
  const facts = new Map<string, string>();
  for (const word of words) {
    const [, key, value] = FACT.exec(word) ?? [];
    if (key === undefined || value === undefined || facts.has(key)) return undefined;
    facts.set(key, value);
  }
  return reportOf(outcome, facts);
}

function reportOf(outcome: EndOutcome, facts: ReadonlyMap<string, string>): EndReport {
  const count = (key: string) => {
    const value = facts.get(key);
    return value === undefined ? {} : { [key]: Number(value) };
  };
  const signal = facts.get('signal');
  const loose = facts.get('loose');
  return {
    outcome,
    ...(signal === 'TERM' || signal === 'KILL' ? { signal: `SIG${signal}` } : {}),
    ...count('processes'),
    ...count('left'),
    ...count('candidates'),
    guarded: facts.get('guarded') === '1',
    ...(facts.get('restarted') === '1' ? { restarted: true } : {}),
    ...(loose === undefined ? {} : { loose: loose.split(',').map(Number) }),
  };
}

function isOutcome(text: string): text is EndOutcome {
  return OUTCOMES.has(text);
}
