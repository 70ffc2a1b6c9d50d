import { isUtf8 } from 'node:buffer';
import type { Filters } from '../../exec/filters.ts';
import type { Job } from '../../exec/job.ts';
import type { RunEnd } from '../../exec/runEvent.ts';
import { compareNodes } from '../nodeOrder.ts';
import { type NodeResult, type NodeState, type Standing, standingOf } from '../nodeResult.ts';
import type { Counts } from '../ledger.ts';
import type { RunSnapshot } from './snapshot.ts';

/**
 * What JSON and JSON Lines hold, as `media/run.schema.json` documents it: version 1. Fields may be
 * added; none is taken away or changes its meaning within a version. Times are ISO 8601 in UTC.
 */
export const SCHEMA_VERSION = 1;

export interface ExportedRun {
  readonly id: string;
  readonly title: string;
  readonly job: Job;
  readonly filters: readonly Filters[];
  readonly targets: readonly string[];
  readonly choice: string;
  readonly datacenter: string;
  readonly connection: string;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly end?: RunEnd;
  readonly reason?: string;
  readonly succeeded: boolean;
  readonly counts: Counts;
  readonly warnings: readonly string[];
}

export interface ExportedNode {
  readonly node: string;
  readonly state: NodeState;
  readonly standing: Standing;
  readonly unexpected: boolean;
  readonly code?: number;
  readonly lastSignAt?: string;
  readonly exitedAt?: string;
  /** Bytes of output. */
  readonly bytes: number;
  /** The output, when it is UTF-8. */
  readonly output?: string;
  /** The output, when it is not. */
  readonly outputBase64?: string;
}

export function exportedRun({ info, ledger }: RunSnapshot): ExportedRun {
  const { startedAt, finishedAt, end, reason } = ledger;
  return {
    id: info.id,
    title: info.title,
    job: info.job,
    filters: info.announcements,
    targets: info.targets,
    choice: info.choice,
    datacenter: info.datacenter,
    connection: info.connection,
    createdAt: isoTime(info.createdAt),
    ...(startedAt === undefined ? {} : { startedAt: isoTime(startedAt) }),
    ...(finishedAt === undefined ? {} : { finishedAt: isoTime(finishedAt) }),
    ...(end === undefined ? {} : { end }),
    ...(reason === undefined ? {} : { reason }),
    succeeded: ledger.succeeded,
    counts: ledger.counts,
    warnings: ledger.warnings,
  };
}

export async function exportedNode(run: RunSnapshot, result: NodeResult): Promise<ExportedNode> {
  const { node, state, unexpected, code, lastSign, exitedAt } = result;
  const bytes = await run.output.read(node);
  return {
    node,
    state,
    standing: standingOf(result),
    unexpected,
    ...(code === undefined ? {} : { code }),
    ...(lastSign === undefined ? {} : { lastSignAt: isoTime(lastSign) }),
    ...(exitedAt === undefined ? {} : { exitedAt: isoTime(exitedAt) }),
    bytes: bytes.length,
    ...(isUtf8(bytes)
      ? { output: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString() }
      : { outputBase64: Buffer.from(bytes).toString('base64') }),
  };
}

/** Every node by name, so that two exports of a run are the same. */
export function sortedResults(run: RunSnapshot): readonly NodeResult[] {
  return [...run.ledger.nodes].sort((a, b) => compareNodes(a.node, b.node));
}

export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
