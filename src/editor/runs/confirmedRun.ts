import { labelIn } from '../../runs/model/runNodes.ts';
import type { OutputLimit } from '../../exec/cap/outputLimit.ts';
import { type Guard, sentJob } from '../../exec/guard/guardJob.ts';
import type { Job } from '../../exec/protocol/job.ts';
import type { RunPart } from '../../exec/run/runInDatacenters.ts';
import type { ParameterValue } from '../../exec/script/parameters/parameter.ts';
import type { StartedBy } from '../../runs/model/startedBy.ts';
import type { RunInfo } from '../../runs/run.ts';
import type { OpenConnection } from '../connections/connectionService.ts';

/** A run that the user confirmed: the requests to Consul, and how to describe it. */
export interface ConfirmedRun {
  /** The id of the run. */
  readonly id: string;
  readonly connection: OpenConnection;
  readonly startedBy: StartedBy;
  /** As the user chose it: without a guard. */
  readonly job: Job;
  readonly guard: Guard | undefined;
  /** One for each datacenter. */
  readonly parts: readonly ConfirmedPart[];
  readonly choice: string;
  readonly title: string;
  readonly parameters: readonly ParameterValue[];
  readonly file: RunInfo['file'];
  readonly place: RunInfo['place'];
  readonly services: RunInfo['services'];
  /** The most output of each node, in bytes, if that is less than the settings allow. */
  readonly outputCap?: number | undefined;
}

/** A datacenter's share, with its targets known, but without the job that all parts have. */
export interface ConfirmedPart extends Omit<RunPart, 'request'> {
  readonly request: Omit<RunPart['request'], 'job'> & { readonly targets: readonly string[] };
}

/** The requests to Consul. */
export function runPartsOf(confirmed: ConfirmedRun, outputLimit: OutputLimit): RunPart[] {
  const { id, guard, parts } = confirmed;
  const job = sentJob(confirmed.job, id, guard);
  return parts.map(({ request, ...part }) => {
    return { ...part, request: { ...request, job, options: { ...request.options, outputLimit } } };
  });
}

/** The record of a run that is about to start. */
export function createRunInfo(confirmed: ConfirmedRun): RunInfo {
  const { id, connection, startedBy, job, guard, parts, choice, title, services } = confirmed;
  const { parameters } = confirmed;
  const datacenters = parts.map(({ datacenter }) => datacenter);
  return {
    id,
    job,
    ...(guard && { guard }),
    title,
    ...(parameters.length > 0 && { parameters }),
    file: confirmed.file,
    place: confirmed.place,
    outputCap: confirmed.outputCap,
    announcements: parts.flatMap(({ request }) => request.announcements),
    announcementsIn: Object.fromEntries(
      parts.map(({ datacenter, request }) => [datacenter, request.announcements]),
    ),
    targets: parts.flatMap(({ datacenter, request }) =>
      request.targets.map((node) => labelIn({ datacenters }, { node, datacenter })),
    ),
    choice,
    datacenters,
    connection: connection.name,
    ...(connection.production && { isProduction: true }),
    createdAt: Date.now(),
    startedBy,
    services,
  };
}
