import type { RunEnd } from '../exec/runEvent.ts';

/**
 * Where a node stands in a run; every target is in exactly one state at every moment.
 *
 * - `expected`: it has not acknowledged the job yet.
 * - `acknowledged`: it is about to run the job; nothing more is known.
 * - `running`: it wrote output or a heartbeat.
 * - `exited`: with a code.
 * - `silent`: the run ended and it never acknowledged, so it did not run the job.
 * - `lost`: it acknowledged, then gave no sign of life; it may still be at work.
 */
export type NodeState = 'expected' | 'acknowledged' | 'running' | 'exited' | 'silent' | 'lost';

/** One node in a run. Times are milliseconds since the epoch, by our clock. */
export interface NodeResult {
  readonly node: string;
  readonly state: NodeState;
  /** It answered without being a target. */
  readonly unexpected: boolean;
  /** When the run was announced. */
  readonly since: number;
  /** When it was last heard. */
  readonly lastSign?: number;
  readonly exitedAt?: number;
  /** Its exit code: -1 for a signal, 255 also for what could not start. */
  readonly code?: number;
  /** Bytes of output received. */
  readonly bytes: number;
  /** Why its datacenter's share of the run ended, of a run over several that it did not exit in. */
  readonly end?: RunEnd;
}

/** What a reader wants to tell apart, worst first. */
export type Standing = 'failed' | 'lost' | 'silent' | 'running' | 'waiting' | 'ok';

export const STANDINGS: readonly Standing[] = [
  'failed',
  'lost',
  'silent',
  'running',
  'waiting',
  'ok',
];

export function standingOf({ state, code }: NodeResult): Standing {
  switch (state) {
    case 'expected':
      return 'waiting';
    case 'acknowledged':
    case 'running':
      return 'running';
    case 'exited':
      return code === 0 ? 'ok' : 'failed';
    case 'silent':
    case 'lost':
      return state;
  }
}
