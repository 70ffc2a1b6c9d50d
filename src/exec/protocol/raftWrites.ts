import { MAX_ATTEMPTS } from './attemptLimits.ts';
import { heartbeatPeriod } from './heartbeat.ts';

/** How many writes a run causes on the servers. Each goes through Raft. */
export interface RaftWrites {
  /** The session and the job; for every node its ack, one piece of output and its exit. */
  readonly atLeast: number;
  /** Signs of life while all nodes are at work: this many in each period. */
  readonly heartbeats: number;
  readonly periodMs: number;
  /** What is added when no node responds: further sessions and jobs, and a fence per node and attempt. */
  readonly noResponse: number;
}

const PER_RUN = 4; // session created and destroyed, job written, tree deleted
const PER_NODE = 3;
const PER_ATTEMPT = 3; // session created and destroyed, job written

export function raftWrites(targets: number, quietMs: number): RaftWrites {
  return {
    atLeast: PER_RUN + PER_NODE * targets,
    heartbeats: targets,
    periodMs: heartbeatPeriod(quietMs, targets),
    noResponse: PER_ATTEMPT * MAX_ATTEMPTS + MAX_ATTEMPTS * targets,
  };
}
