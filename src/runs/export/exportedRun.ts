import type { Filters } from '../../exec/filters.ts';
import type { Job } from '../../exec/job.ts';
import type { RunEnd } from '../../exec/runEvent.ts';
import type { Turn } from '../../exec/turns.ts';
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

/** But for its output, which may be large. */
interface ExportedNode {
  readonly node: string;
  readonly state: NodeState;
  readonly standing: Standing;
  readonly unexpected: boolean;
  readonly code?: number;
  readonly lastSignAt?: string;
  readonly exitedAt?: string;
  /** Bytes of output. */
  readonly bytes: number;
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

/** Whether it is text is known only at its end: an output of more bytes is read twice rather than held. */
const READ_TWICE = 64 * 1024;

type Blocks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * A node as a JSON object, in pieces: its last field is `output` when that is UTF-8, else
 * `outputBase64`.
 * @param turn of `takeTurns`
 * @param first fields to begin with
 */
export async function* exportedNode(
  { output }: RunSnapshot,
  result: NodeResult,
  turn: Turn,
  first: object = {},
): AsyncGenerator<string, void> {
  const { node, state, unexpected, code, lastSign, exitedAt } = result;
  const fields: ExportedNode = {
    node,
    state,
    standing: standingOf(result),
    unexpected,
    ...(code === undefined ? {} : { code }),
    ...(lastSign === undefined ? {} : { lastSignAt: isoTime(lastSign) }),
    ...(exitedAt === undefined ? {} : { exitedAt: isoTime(exitedAt) }),
    bytes: output.size(node),
  };
  const begun = JSON.stringify({ ...first, ...fields }).slice(0, -1);
  const whole = output.size(node) > READ_TWICE ? undefined : [await output.read(node)];
  const blocks = () => whole ?? output.stream(node);
  const isUtf8 = await isText(blocks(), turn);
  yield `${begun},"${isUtf8 ? 'output' : 'outputBase64'}":"`;
  for await (const text of isUtf8 ? texts(blocks()) : base64(blocks())) {
    yield JSON.stringify(text).slice(1, -1);
    await turn();
  }
  yield '"}';
}

async function isText(blocks: Blocks, turn: Turn): Promise<boolean> {
  try {
    const reading = texts(blocks);
    while ((await reading.next()).done !== true) await turn();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** @throws TypeError where it is not UTF-8 */
async function* texts(blocks: Blocks): AsyncGenerator<string, void> {
  // A mark at the beginning is part of the output.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const bytes of blocks) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

async function* base64(blocks: Blocks): AsyncGenerator<string, void> {
  let rest: Uint8Array = new Uint8Array();
  for await (const bytes of blocks) {
    const all = Buffer.concat([rest, bytes]);
    // Three bytes are four characters: only the end is padded.
    const whole = all.length - (all.length % 3);
    yield all.toString('base64', 0, whole);
    rest = all.subarray(whole);
  }
  yield Buffer.from(rest).toString('base64');
}

/** Every node by name, so that two exports of a run are the same. */
export function sortedResults(run: RunSnapshot): readonly NodeResult[] {
  return [...run.ledger.nodes].sort((a, b) => compareNodes(a.node, b.node));
}

export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
