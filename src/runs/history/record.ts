import { t } from '@vscode/l10n';
import * as v from 'valibot';
import type { Run, RunInfo } from '../run.ts';

/**
 * What is kept of a run beside its journal: what is fixed from its beginning and, once it is over,
 * what a list of runs shows. Version 1; files written with it are read for ever, so it never
 * changes: what is new goes into a version 2 with its own schema and mapper.
 *
 * There is no place in it for a token.
 */
const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const time = v.pipe(v.number(), v.finite());

const RecordV1 = v.strictObject({
  schemaVersion: v.literal(1),
  id: v.pipe(v.string(), v.uuid()),
  job: v.variant('kind', [
    v.strictObject({ kind: v.literal('script'), text }),
    v.strictObject({ kind: v.literal('command'), text }),
    v.strictObject({ kind: v.literal('arguments'), args: v.array(text) }),
  ]),
  title: text,
  announcements: v.array(
    v.strictObject({
      node: v.optional(text),
      service: v.optional(text),
      tag: v.optional(text),
    }),
  ),
  targets: v.array(text),
  choice: text,
  datacenter: text,
  connection: text,
  createdAt: time,
  services: v.optional(v.record(text, v.array(text))),
  /** Absent while the run goes on, and when it was interrupted. */
  outcome: v.optional(
    v.strictObject({
      finishedAt: time,
      end: v.picklist(['complete', 'quiet', 'stopped', 'sessionLost', 'unreachable']),
      succeeded: v.boolean(),
      counts: v.strictObject({
        failed: count,
        lost: count,
        silent: count,
        running: count,
        waiting: count,
        ok: count,
      }),
      unexpected: count,
      /** Bytes of output. */
      bytes: count,
    }),
  ),
});

export type RunRecord = v.InferOutput<typeof RecordV1>;
export type RunOutcome = NonNullable<RunRecord['outcome']>;

/** A record that this version cannot read. It is left alone: a newer one may. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly why: 'newer' | 'damaged';
  constructor(why: 'newer' | 'damaged') {
    super(
      why === 'newer'
        ? t('This run was kept by a newer version of Consul Exec, which is needed to open it.')
        : t('What was kept of this run is damaged and cannot be opened.'),
    );
    this.why = why;
  }
}

const Versioned = v.object({ schemaVersion: v.pipe(v.number(), v.integer()) });
const NEWEST_VERSION = 1;

/** @throws RecordError */
export function decodeRecord(json: string): RunRecord {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new RecordError('damaged');
  }
  const versioned = v.safeParse(Versioned, value);
  if (versioned.success && versioned.output.schemaVersion > NEWEST_VERSION) {
    throw new RecordError('newer');
  }
  const record = v.safeParse(RecordV1, value);
  if (!record.success) throw new RecordError('damaged');
  return record.output;
}

export function encodeRecord(record: RunRecord): string {
  return `${JSON.stringify(record)}\n`;
}

export function toRecord(info: RunInfo, outcome?: RunOutcome): RunRecord {
  const { id, job, title, announcements, targets, choice, datacenter, createdAt } = info;
  return {
    schemaVersion: 1,
    id,
    job: job.kind === 'arguments' ? { kind: job.kind, args: [...job.args] } : { ...job },
    title,
    announcements: announcements.map(({ node, service, tag }) => ({ node, service, tag })),
    targets: [...targets],
    choice,
    datacenter,
    connection: withoutCredentials(info.connection),
    createdAt,
    services:
      info.services &&
      Object.fromEntries(Object.entries(info.services).map(([name, nodes]) => [name, [...nodes]])),
    outcome,
  };
}

/**
 * @param title what the user renamed it to
 * @param sameName gives one string for all that are equal: lists of runs name the same nodes again
 * and again
 */
export function toInfo(
  record: RunRecord,
  title = record.title,
  sameName = (name: string) => name,
): RunInfo {
  const { id, job, announcements, targets, choice, datacenter, connection, createdAt } = record;
  const { services } = record;
  return {
    id,
    job,
    title,
    announcements,
    targets: targets.map(sameName),
    choice,
    datacenter,
    connection,
    createdAt,
    services:
      services &&
      Object.fromEntries(
        Object.entries(services).map(([name, nodes]) => [name, nodes.map(sameName)]),
      ),
  };
}

/** @returns undefined for a run that is not over */
export function outcomeOf({ ledger, output }: Run): RunOutcome | undefined {
  const { finishedAt, end, succeeded, counts, unexpected } = ledger;
  if (finishedAt === undefined || end === undefined) return undefined;
  return { finishedAt, end, succeeded, counts: { ...counts }, unexpected, bytes: output.bytes };
}

/** An address may carry a user's name and password, or a token as a parameter. */
function withoutCredentials(connection: string): string {
  if (!connection.includes('://')) return connection;
  return connection.replace(/:\/\/[^/?#]*@/, '://').replace(/[?#].*$/s, '');
}
