import * as v from 'valibot';
import { DIFFERENCES, type IgnoredDifferences } from '../../runs/grouping/ignoredDifferences.ts';
import type { RampRecord } from '../../exec/ramp/ramp.ts';
import { StateKey } from '../base/stateKey.ts';
import type { RunSettings } from '../base/settings.ts';
import type { Place } from '../launch/returnToConnection.ts';
import type { SavedLocks } from '../rollout/heldLocks.ts';

/** Everything about steps that start on their own, so that they can continue after a reload. */
export interface SavedRamp {
  readonly record: RampRecord;
  /** Ids of the runs of the started steps, the first step first; a step without nodes has none. */
  readonly runs: readonly string[];
  readonly place: Place;
  readonly settings: RunSettings;
  /** All datacenters of the selection. */
  readonly datacenters: readonly string[];
  /** The differences that don't count, as they were set when the first step started. */
  readonly ignored: IgnoredDifferences;
  /** The groups of the first step: nodes of later steps in other groups gave different output. */
  readonly reference: readonly string[];
  /** Absent if no service is locked. */
  readonly locks?: SavedLocks | undefined;
}

const Names = v.array(v.string());
const SHORTFALLS = ['failed', 'lost', 'unknown', 'noResponse', 'different'] as const;

const Rule = v.object({
  budget: v.number(),
  counts: v.object({ failed: v.boolean(), noResult: v.boolean(), different: v.boolean() }),
  pauseMs: v.number(),
  asks: v.boolean(),
});

const Record = v.object({
  steps: v.array(Names),
  rule: Rule,
  started: v.number(),
  current: v.picklist(['idle', 'starting', 'running']),
  hold: v.optional(
    v.object({
      why: v.picklist(['planned', 'user', 'reload', 'asks', 'cut', 'problem']),
      problem: v.optional(v.string()),
    }),
  ),
  end: v.optional(v.picklist(['done', 'budget', 'user', 'unsure'])),
  counted: v.array(v.tuple([v.string(), v.picklist(SHORTFALLS)])),
  skipped: Names,
});

const Saved = v.object({
  record: Record,
  runs: Names,
  place: v.object({ name: v.string(), address: v.optional(v.string()), profile: v.string() }),
  settings: v.object({
    prefix: v.string(),
    quietMs: v.number(),
    replicationWaitMs: v.number(),
  }),
  datacenters: Names,
  ignored: v.object(v.entriesFromList(DIFFERENCES, v.exactOptional(v.boolean()))),
  reference: Names,
  locks: v.optional(
    v.object({
      services: Names,
      holder: v.object({
        user: v.string(),
        host: v.string(),
        title: v.string(),
        since: v.number(),
      }),
      sessions: v.record(v.string(), v.string()),
    }),
  ),
});

/** All such runs of the workspace, the oldest first. */
export const SAVED_RAMPS: StateKey<readonly SavedRamp[]> = new StateKey<readonly SavedRamp[]>(
  'ramps',
  v.array(Saved) as v.GenericSchema<unknown, readonly SavedRamp[]>,
  [],
);
