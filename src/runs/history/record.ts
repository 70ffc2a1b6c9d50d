import { t } from '@vscode/l10n';
import * as v from 'valibot';
import type { Run, RunInfo } from '../run.ts';
import { parseJson } from '../../base/parseJson.ts';

/**
 * What is saved of a run in addition to its journal: what is fixed from its beginning and, once it is
 * over, what a list of runs shows. Each version has its own schema, which never changes: files written
 * with it stay readable. Older versions are mapped to the newest when they are read.
 *
 * It has no field for the secret of a token.
 */
const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const time = v.pipe(v.number(), v.finite());

const end = v.picklist(['complete', 'quiet', 'stopped', 'sessionLost', 'unreachable']);

const commandJob = v.strictObject({ kind: v.literal('command'), text });
const argumentsJob = v.strictObject({ kind: v.literal('arguments'), args: v.array(text) });

const fixed = {
  id: v.pipe(v.string(), v.uuid()),
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
  connection: text,
  createdAt: time,
  services: v.optional(v.record(text, v.array(text))),
};

/** An outcome is absent while the run is running, and when it was interrupted. */
const outcome = {
  finishedAt: time,
  end,
  succeeded: v.boolean(),
  unexpected: count,
  /** Bytes of output. */
  bytes: count,
};

const startedBy = v.strictObject({
  user: text,
  host: text,
  tokenAccessor: v.optional(text),
  tokenDescription: v.optional(text),
  isProposed: v.optional(v.boolean()),
});

const counts = { failed: count, lost: count, running: count, waiting: count, ok: count };

const RecordV1 = v.strictObject({
  schemaVersion: v.literal(1),
  ...fixed,
  job: v.variant('kind', [
    v.strictObject({ kind: v.literal('script'), text }),
    commandJob,
    argumentsJob,
  ]),
  /** One, or several separated by `, `. */
  datacenter: text,
  outcome: v.optional(
    v.strictObject({ ...outcome, counts: v.strictObject({ ...counts, silent: count }) }),
  ),
});

const RecordV2 = v.strictObject({
  schemaVersion: v.literal(2),
  ...fixed,
  job: v.variant('kind', [
    // The bytes are base64; they are absent if they are the UTF-8 of the text.
    v.strictObject({ kind: v.literal('script'), text, bytes: v.optional(text) }),
    commandJob,
    argumentsJob,
  ]),
  guard: v.optional(v.strictObject({ timeLimitSeconds: v.optional(count) })),
  parameters: v.optional(v.array(v.strictObject({ name: text, value: text }))),
  file: v.optional(text),
  place: v.optional(v.strictObject({ file: text, line: count })),
  outputCap: v.optional(count),
  datacenters: v.array(text),
  isProduction: v.optional(v.boolean()),
  startedBy: v.optional(startedBy),
  outcome: v.optional(
    v.strictObject({
      ...outcome,
      counts: v.strictObject({ ...counts, noResponse: count, unknown: count }),
    }),
  ),
});

const AnyRecord = v.variant('schemaVersion', [RecordV1, RecordV2]);

export type RunRecord = v.InferOutput<typeof RecordV2>;
export type RunOutcome = NonNullable<RunRecord['outcome']>;

/** A record that this version can't read. It is left alone: a newer version may be able to. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly why: 'newer' | 'damaged';
  constructor(why: 'newer' | 'damaged') {
    super(
      why === 'newer'
        ? t(
            'This run was saved by a newer version of Consul Exec. Update the extension to open it.',
          )
        : t("The saved record of this run is damaged and can't be opened."),
    );
    this.why = why;
  }
}

const Versioned = v.object({ schemaVersion: v.pipe(v.number(), v.integer()) });
const NEWEST_VERSION = 2;

/** @throws RecordError */
export function decodeRecord(json: string): RunRecord {
  const value = parseJson(json);
  const versioned = v.safeParse(Versioned, value);
  if (versioned.success && versioned.output.schemaVersion > NEWEST_VERSION) {
    throw new RecordError('newer');
  }
  const record = v.safeParse(AnyRecord, value);
  if (!record.success) throw new RecordError('damaged');
  return record.output.schemaVersion === 1 ? fromV1(record.output) : record.output;
}

function fromV1({ datacenter, outcome, ...rest }: v.InferOutput<typeof RecordV1>): RunRecord {
  const { silent = 0, ...others } = outcome?.counts ?? {};
  return {
    ...rest,
    schemaVersion: 2,
    datacenters: datacenter.split(', '),
    outcome: outcome && {
      ...outcome,
      counts: { ...ZERO, ...others, noResponse: silent, unknown: 0 },
    },
  };
}

const ZERO = { failed: 0, lost: 0, running: 0, waiting: 0, ok: 0 };

export function encodeRecord(record: RunRecord): string {
  return `${JSON.stringify(record)}\n`;
}

export function toRecord(info: RunInfo, outcome?: RunOutcome): RunRecord {
  const { id, job, title, announcements, targets, choice, datacenters, createdAt } = info;
  return {
    schemaVersion: 2,
    id,
    job: job.kind === 'arguments' ? { kind: job.kind, args: [...job.args] } : { ...job },
    ...(info.guard && { guard: { ...info.guard } }),
    parameters: info.parameters?.map(({ name, value }) => ({ name, value })),
    file: info.file,
    place: info.place && { ...info.place },
    outputCap: info.outputCap,
    title,
    announcements: announcements.map(({ node, service, tag }) => ({ node, service, tag })),
    targets: [...targets],
    choice,
    datacenters: [...datacenters],
    connection: withoutCredentials(info.connection),
    createdAt,
    isProduction: info.isProduction,
    startedBy: info.startedBy && { ...info.startedBy },
    services:
      info.services &&
      Object.fromEntries(Object.entries(info.services).map(([name, nodes]) => [name, [...nodes]])),
    outcome,
  };
}

/**
 * @param title after the user has renamed it
 * @param sameName returns one string for all equal ones: runs name the same nodes many times
 */
export function toInfo(
  record: RunRecord,
  title = record.title,
  sameName = (name: string) => name,
): RunInfo {
  const { id, job, announcements, targets, choice, datacenters, connection, createdAt } = record;
  const { services, startedBy, isProduction, guard, parameters, file, place, outputCap } = record;
  return {
    id,
    job,
    ...(guard && { guard }),
    ...(parameters && { parameters }),
    ...(file !== undefined && { file }),
    ...(place && { place }),
    ...(outputCap !== undefined && { outputCap }),
    title,
    announcements,
    targets: targets.map(sameName),
    choice,
    datacenters,
    connection,
    createdAt,
    ...(isProduction !== undefined && { isProduction }),
    startedBy,
    services:
      services &&
      Object.fromEntries(
        Object.entries(services).map(([name, nodes]) => [name, nodes.map(sameName)]),
      ),
  };
}

/** @returns undefined for a run that is running */
export function outcomeOf({ ledger, output }: Run): RunOutcome | undefined {
  const { finishedAt, end, succeeded, counts, unexpected } = ledger;
  if (finishedAt === undefined || end === undefined) return undefined;
  return { finishedAt, end, succeeded, counts: { ...counts }, unexpected, bytes: output.bytes };
}

/** An address can hold a user's name and password, or a token as a parameter. */
function withoutCredentials(connection: string): string {
  if (!connection.includes('://')) return connection;
  return connection.replace(/:\/\/[^/?#]*@/, '://').replace(/[?#].*$/s, '');
}
