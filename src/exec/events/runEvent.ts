import type { EventFilters } from '../../consul/event.ts';

/** Why a run ended. */
export type RunEnd =
  /** Every target exited or is lost, and no other node is at work. */
  | 'complete'
  /** Some targets did not respond, although the job was announced to them several times. */
  | 'quiet'
  /** The user stopped collecting. */
  | 'stopped'
  /** A session of the run ended, and unread output with it. */
  | 'sessionLost'
  /** Consul could no longer be read. */
  | 'unreachable';

/**
 * What came of ending a job on a node:
 *
 * - `ended`: every process of it that was found is over.
 * - `over`: it was over before.
 * - `missing`: no process of it was found, and it can't be said that it is over.
 * - `refused`: the agent has no permission to signal a process of it.
 * - `ambiguous`: several jobs can be the one, or one whose text can't be read, so none was ended.
 * - `blind`: the node can't list its processes.
 * - `stuck`: a process is left although it was killed, as while it waits for a disk.
 */
export type EndOutcome = 'ended' | 'over' | 'missing' | 'refused' | 'ambiguous' | 'blind' | 'stuck';

/**
 * Why nothing is known of ending a job on a node: it never began to (`noResponse`), it began but did not
 * report (`noReport`), or neither is known.
 */
export type EndFailure = 'noResponse' | 'noReport' | 'notKnown';

/** A session of a run in one datacenter. */
export interface DatacenterSession {
  readonly datacenter: string;
  readonly session: string;
}

/** What became of a node whose results were fetched from it after it was lost. */
export type RecoveryResult =
  /** All output, and the exit code. */
  | 'all'
  /** The exit code, but not all output: the node keeps only the beginning. */
  | 'cut'
  /** The job still runs. */
  | 'running'
  /** The job is gone without an exit code, as after a restart of the node. */
  | 'gone'
  /** The node has nothing of the run: it was removed, or the job never began. */
  | 'nothing'
  /** The node did not respond, or its results stopped coming. */
  | 'noResponse';

/** One thing that happened in a run. `at` is our clock in milliseconds since the epoch. */
export type RunEvent =
  | {
      readonly kind: 'started';
      readonly at: number;
      /** One for each datacenter. */
      readonly sessions: readonly DatacenterSession[];
      readonly prefix: string;
      /** How often a node writes a sign of life while its job is quiet. */
      readonly heartbeatMs: number;
      /** The nodes that should run the job. */
      readonly targets: readonly string[];
      /**
       * Whether the run fences the nodes that do not respond, so that "no response" means that a node
       * did not run the job. Absent in runs of version 1.
       */
      readonly fences?: boolean | undefined;
    }
  /** The event with these filters has been sent; `of` counts all events of this attempt. */
  | {
      readonly kind: 'announced';
      readonly at: number;
      readonly filters: EventFilters;
      readonly number: number;
      readonly of: number;
      /** Absent for the first attempt. */
      readonly attempt?: number | undefined;
    }
  /**
   * A further session was created, which fences nodes of earlier attempts. The job is announced under
   * it to those of `nodes` that it fenced; with none it only holds fences.
   */
  | {
      readonly kind: 'attempted';
      readonly at: number;
      /** From 2 on. */
      readonly attempt: number;
      readonly session: string;
      /** In a run over several datacenters. */
      readonly datacenter?: string | undefined;
      readonly nodes: readonly string[];
    }
  /** A finished run waits for nodes to return, until a time; those that do not are fenced. */
  | {
      readonly kind: 'reopened';
      readonly at: number;
      readonly nodes: readonly string[];
      readonly until: number;
    }
  /** These nodes have not begun the attempt of this session and never will. */
  | {
      readonly kind: 'fenced';
      readonly at: number;
      readonly session: string;
      readonly nodes: readonly string[];
    }
  /** A session was created that takes the ack keys of nodes, so that these can't begin again. */
  | {
      readonly kind: 'kept';
      readonly at: number;
      readonly session: string;
      /** In a run over several datacenters. */
      readonly datacenter?: string | undefined;
    }
  /**
   * Nodes have come near the limit of their output, or the limit has changed: a session fences the
   * chunk that each of them must not write. The limits are in bytes, 0 for none.
   */
  | {
      readonly kind: 'limited';
      readonly at: number;
      /** Absent while no chunk is fenced. */
      readonly session?: string | undefined;
      /** In a run over several datacenters. */
      readonly datacenter?: string | undefined;
      /** Those that had no fence before. */
      readonly nodes: readonly string[];
      readonly perNode: number;
      readonly perRun: number;
    }
  | {
      readonly kind: 'acknowledged';
      readonly at: number;
      readonly node: string;
      /** The attempt that the node responded to. Absent for the first. */
      readonly attempt?: number | undefined;
    }
  /** A piece of output, exactly as the node wrote it; pieces of a node come in order. */
  | {
      readonly kind: 'output';
      readonly at: number;
      readonly node: string;
      readonly bytes: Uint8Array;
    }
  /** Chunks of a node's output are missing: something deleted them before they were read. */
  | {
      readonly kind: 'gap';
      readonly at: number;
      readonly node: string;
      /** How many chunks of at most 4,096 bytes each. */
      readonly chunks: number;
    }
  | { readonly kind: 'heartbeat'; readonly at: number; readonly node: string }
  /** `code` is -1 for a signal, and 255 also where the agent failed; it comes after all output. */
  | {
      readonly kind: 'exited';
      readonly at: number;
      readonly node: string;
      readonly code: number;
      /** The time limit of a guarded run that ended the job. */
      readonly limitSeconds?: number | undefined;
    }
  /**
   * The results of these nodes are fetched from what a guarded run left on them. Events of the nodes
   * follow as if they had not been lost, or had not exited with the code of an agent that failed.
   */
  | { readonly kind: 'recovering'; readonly at: number; readonly nodes: readonly string[] }
  /** What came of it for a node; comes before its `exited` or `lost`. */
  | {
      readonly kind: 'recovered';
      readonly at: number;
      readonly node: string;
      readonly result: RecoveryResult;
    }
  /** The user ended the job on this node, or tried to. A later `exited` can follow or precede it. */
  | {
      readonly kind: 'ended';
      readonly at: number;
      readonly node: string;
      readonly outcome: EndOutcome | EndFailure;
      /** The strongest signal that was sent. */
      readonly signal?: 'SIGTERM' | 'SIGKILL' | undefined;
      /** Ids of processes on the node that can be left of the job. */
      readonly loose?: readonly number[] | undefined;
    }
  /**
   * The node came to the limit of its output, after this many bytes. Its agent uploads nothing more, not
   * even the exit code of the job, which keeps running.
   */
  | { readonly kind: 'cut'; readonly at: number; readonly node: string; readonly bytes: number }
  /** Acknowledged, then no sign of life for several heartbeats. A later key takes it back. */
  | { readonly kind: 'lost'; readonly at: number; readonly node: string }
  /** Something the user should know about; the run continues. */
  | { readonly kind: 'warning'; readonly at: number; readonly text: string }
  /** In a multi-datacenter run: this datacenter is finished; its nodes produce no more events. */
  | {
      readonly kind: 'partFinished';
      readonly at: number;
      readonly datacenter: string;
      readonly end: RunEnd;
      readonly reason?: string | undefined;
    }
  | {
      readonly kind: 'finished';
      readonly at: number;
      readonly end: RunEnd;
      /** What went wrong, for `sessionLost` and `unreachable`. */
      readonly reason?: string | undefined;
    };
