import type { EventFilters } from '../../exec/protocol/eventBudget.ts';
import type { Job } from '../../exec/protocol/job.ts';
import type { RecoveryResult, RunEnd } from '../../exec/events/runEvent.ts';
import type { MaybeYield } from '../../base/yielder.ts';
import { compareNodes } from '../model/nodeOrder.ts';
import {
  type NodeEnding,
  type NodeResult,
  type NodeState,
  type NodeStatus,
  statusOf,
} from '../model/nodeStatus.ts';
import type { ParameterValue } from '../../exec/script/parameters/parameter.ts';
import type { StartedBy } from '../model/startedBy.ts';
import type { Counts } from '../model/ledger.ts';
import { isoTime } from '../text/time.ts';
import type { RunSnapshot } from './snapshot.ts';

/**
 * The content of JSON and JSON Lines, as `media/run.schema.json` documents it: version 2. Fields can be
 * added; within a version none is removed or changes its meaning. Times are ISO 8601 in UTC.
 */
export const SCHEMA_VERSION = 2;

export interface ExportedRun {
  readonly id: string;
  readonly title: string;
  readonly job: Job;
  readonly parameters?: readonly ParameterValue[];
  readonly filters: readonly EventFilters[];
  readonly targets: readonly string[];
  readonly choice: string;
  readonly datacenters: readonly string[];
  readonly connection: string;
  readonly startedBy?: StartedBy;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly end?: RunEnd;
  readonly reason?: string;
  readonly succeeded: boolean;
  readonly counts: Counts;
  readonly warnings: readonly string[];
}

interface ExportedEnding {
  readonly at: string;
  readonly outcome: NodeEnding['outcome'];
  readonly signal?: string;
  readonly loose?: readonly number[];
}

/** Everything but its output, which can be large. */
interface ExportedNode {
  readonly node: string;
  readonly state: NodeState;
  readonly status: NodeStatus;
  readonly unexpected: boolean;
  readonly code?: number;
  readonly lastSignAt?: string;
  readonly exitedAt?: string;
  /** Bytes of output. */
  readonly bytes: number;
  readonly missingChunks?: number;
  readonly attempts?: number;
  readonly limitSeconds?: number;
  readonly recovery?: RecoveryResult;
  readonly ending?: ExportedEnding;
}

export function exportedRun({ info, ledger }: RunSnapshot): ExportedRun {
  const { startedAt, finishedAt, end, reason } = ledger;
  return {
    id: info.id,
    title: info.title,
    job: info.job,
    ...(info.guard && { guard: info.guard }),
    ...(info.parameters && { parameters: info.parameters }),
    filters: info.announcements,
    targets: info.targets,
    choice: info.choice,
    datacenters: info.datacenters,
    connection: info.connection,
    ...(info.startedBy === undefined ? {} : { startedBy: info.startedBy }),
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

/** An output is known to be UTF-8 only at its end: a longer one is read twice rather than held in memory. */
const MAX_BYTES_READ_ONCE = 64 * 1024;

type Blocks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * A node as a JSON object, in pieces: its last field is `output` when that is UTF-8, else
 * `outputBase64`.
 * @param maybeYield of `createYielder`
 * @param first fields to begin with
 */
export async function* exportedNode(
  { output }: RunSnapshot,
  result: NodeResult,
  maybeYield: MaybeYield,
  first: object = {},
): AsyncGenerator<string, void> {
  const { node, state, unexpected, code, lastSign, exitedAt, missingChunks, attempts } = result;
  const { limitSeconds, recovery } = result;
  const { ending } = result;
  const fields: ExportedNode = {
    node,
    state,
    status: statusOf(result),
    unexpected,
    ...(code === undefined ? {} : { code }),
    ...(lastSign === undefined ? {} : { lastSignAt: isoTime(lastSign) }),
    ...(exitedAt === undefined ? {} : { exitedAt: isoTime(exitedAt) }),
    bytes: output.size(node),
    ...(missingChunks === undefined ? {} : { missingChunks }),
    ...(attempts === undefined ? {} : { attempts }),
    ...(limitSeconds === undefined ? {} : { limitSeconds }),
    ...(recovery === undefined ? {} : { recovery }),
    ...(ending === undefined ? {} : { ending: exportedEnding(ending) }),
  };
  const begun = JSON.stringify({ ...first, ...fields }).slice(0, -1);
  const whole = output.size(node) > MAX_BYTES_READ_ONCE ? undefined : [await output.read(node)];
  const blocks = () => whole ?? output.stream(node);
  const isUtf8 = await isText(blocks(), maybeYield);
  yield `${begun},"${isUtf8 ? 'output' : 'outputBase64'}":"`;
  for await (const text of isUtf8 ? texts(blocks()) : base64(blocks())) {
    yield JSON.stringify(text).slice(1, -1);
    await maybeYield();
  }
  yield '"}';
}

function exportedEnding({ at, outcome, signal, loose }: NodeEnding): ExportedEnding {
  return {
    at: isoTime(at),
    outcome,
    ...(signal === undefined ? {} : { signal }),
    ...(loose === undefined ? {} : { loose }),
  };
}

async function isText(blocks: Blocks, maybeYield: MaybeYield): Promise<boolean> {
  try {
    const reading = texts(blocks);
    while ((await reading.next()).done !== true) await maybeYield();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** @throws TypeError where it is not UTF-8 */
async function* texts(blocks: Blocks): AsyncGenerator<string, void> {
  // A byte order mark is part of the output.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const bytes of blocks) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

async function* base64(blocks: Blocks): AsyncGenerator<string, void> {
  let rest: Uint8Array = new Uint8Array();
  for await (const bytes of blocks) {
    const all = Buffer.concat([rest, bytes]);
    // Three bytes become four characters: only the end has padding.
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
