import type { RecoveryResult, RunEnd, RunEvent } from '../../exec/events/runEvent.ts';

/**
 * The state of a node in a run; every target is in exactly one state at every moment.
 *
 * - `expected`: it has not acknowledged the job yet.
 * - `acknowledged`: it is about to run the job; nothing more is known.
 * - `running`: it wrote output or a heartbeat.
 * - `exited`: with a code.
 * - `noResponse`: it did not acknowledge and is fenced, so it did not run the job and never will.
 * - `unknown`: it did not acknowledge and could not be fenced, so it may or may not have run the job.
 * - `lost`: it acknowledged, then gave no sign of life; it may still be at work.
 * - `cut`: its output came to the limit, so nothing more is known of it; it may still be at work.
 */
export type NodeState =
  'expected' | 'acknowledged' | 'running' | 'exited' | 'noResponse' | 'unknown' | 'lost' | 'cut';

/** What came of ending the job on a node. */
export type NodeEnding = Omit<Extract<RunEvent, { kind: 'ended' }>, 'kind' | 'node'>;

/** One node in a run. Times are milliseconds since the epoch, by our clock. */
export interface NodeResult {
  readonly node: string;
  readonly state: NodeState;
  /** It responded without being a target. */
  readonly unexpected: boolean;
  /** When the run was announced. */
  readonly since: number;
  /** When it was last heard from. */
  readonly lastSign?: number;
  readonly exitedAt?: number;
  /** Its exit code: -1 for a signal, 255 also where its agent failed. */
  readonly code?: number;
  /** The time limit that ended its job. */
  readonly limitSeconds?: number;
  /** What came of fetching its results from what the run left on it. */
  readonly recovery?: RecoveryResult;
  /** Bytes of output received. */
  readonly bytes: number;
  /** Chunks of output that were deleted before they were read; absent for none. */
  readonly missingChunks?: number;
  /** The run waits for its agent to return. */
  readonly awaited?: boolean;
  /** How often the job was announced to it, where that is more than once. */
  readonly attempts?: number;
  /** In a run over several datacenters: why its part ended, for a node that did not exit. */
  readonly end?: RunEnd;
  /** The user ended the job there, or tried to. */
  readonly ending?: NodeEnding;
}

/** What a reader wants to distinguish. */
export type NodeStatus =
  'failed' | 'lost' | 'unknown' | 'noResponse' | 'running' | 'waiting' | 'ok';

/** Worst first. */
export const STATUSES: readonly NodeStatus[] = [
  'failed',
  'lost',
  'unknown',
  'noResponse',
  'running',
  'waiting',
  'ok',
];

/**
 * A job that the user ended counts as failed, whatever its exit code: it did not do all of its work. That
 * includes one that was lost or cut before, because it is known now that it no longer runs.
 */
export function statusOf({ state, code, ending }: NodeResult): NodeStatus {
  const isLast = state === 'exited' || state === 'lost' || state === 'cut';
  if (ending?.outcome === 'ended' && isLast) return 'failed';
  switch (state) {
    case 'expected':
      return 'waiting';
    case 'acknowledged':
    case 'running':
      return 'running';
    case 'exited':
      return code === 0 ? 'ok' : 'failed';
    case 'noResponse':
    case 'unknown':
    case 'lost':
      return state;
    case 'cut':
      return 'lost';
  }
}

/** Whether no more comes from the node: it exited, or its output was cut. */
export function isOver({ state }: Pick<NodeResult, 'state'>): boolean {
  return state === 'exited' || state === 'cut';
}
