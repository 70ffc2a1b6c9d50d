import { heartbeatPeriod } from './runJob.ts';

/** What a run makes the servers write, all of which goes through Raft. */
export interface RaftWrites {
  /** The session, the job, and of every node its ack, one piece of output and its exit. */
  readonly atLeast: number;
  /** Signs of life, as long as all nodes are at work: so many in each period. */
  readonly heartbeats: number;
  readonly periodMs: number;
}

const PER_RUN = 4; // session made and destroyed, job written, tree deleted
const PER_NODE = 3;

export function raftWrites(targets: number, quietMs: number): RaftWrites {
  return {
    atLeast: PER_RUN + PER_NODE * targets,
    heartbeats: targets,
    periodMs: heartbeatPeriod(quietMs, targets),
  };
}
