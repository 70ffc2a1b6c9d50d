import type { EventFilters } from '../consul/event.ts';

/** Why a run ended. */
export type RunEnd =
  /** Every target exited, or is known to be lost; nobody else is at work. */
  | 'complete'
  /** It was quiet for long enough; some target never answered. */
  | 'quiet'
  /** The user stopped collecting. */
  | 'stopped'
  /** The session ended under us, and with it all that was not read. */
  | 'sessionLost'
  /** The agent could not be read any more. */
  | 'unreachable';

/** One thing that happened in a run. `at` is our clock in milliseconds since the epoch. */
export type RunEvent =
  | {
      readonly kind: 'started';
      readonly at: number;
      readonly session: string;
      readonly prefix: string;
      /** How often a silent node is to write a sign of life. */
      readonly heartbeatMs: number;
      /** Who is expected to run the job. */
      readonly targets: readonly string[];
    }
  /** The event with these filters has gone out; `of` counts all events of the run. */
  | {
      readonly kind: 'announced';
      readonly at: number;
      readonly filters: EventFilters;
      readonly number: number;
      readonly of: number;
    }
  | { readonly kind: 'acknowledged'; readonly at: number; readonly node: string }
  /** A piece of output, exactly as the node wrote it; pieces of a node come in order. */
  | {
      readonly kind: 'output';
      readonly at: number;
      readonly node: string;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'heartbeat'; readonly at: number; readonly node: string }
  /** `code` is -1 for a signal, 255 for what could not start; it comes after all output. */
  | {
      readonly kind: 'exited';
      readonly at: number;
      readonly node: string;
      readonly code: number;
    }
  /** Acknowledged, then no sign of life for several heartbeats. A later key takes it back. */
  | { readonly kind: 'lost'; readonly at: number; readonly node: string }
  /** Something the user should know, though the run goes on. */
  | { readonly kind: 'warning'; readonly at: number; readonly text: string }
  /** Of a run over several datacenters, one is through; nothing more comes of its nodes. */
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
