import type { Job } from '../exec/protocol/job.ts';
import type { RunInfo } from './run.ts';

/**
 * The last run of the same job in the same location before this one, if there is one.
 * @param node must have been a target of that run too
 */
export function earlierRun<T extends { readonly info: RunInfo }>(
  all: readonly T[],
  info: RunInfo,
  node?: string,
): T | undefined {
  const location = locationOf(info);
  return all
    .filter(
      ({ info: other }) =>
        other.id !== info.id &&
        other.createdAt <= info.createdAt &&
        other.connection === info.connection &&
        locationOf(other) === location &&
        isSameJob(other.job, info.job) &&
        (node === undefined || other.targets.includes(node)),
    )
    .reduce<T | undefined>(
      (last, run) => (last && last.info.createdAt >= run.info.createdAt ? last : run),
      undefined,
    );
}

/** The datacenters, in an order that does not depend on how they were selected. */
function locationOf({ datacenters }: RunInfo): string {
  return datacenters.toSorted().join(', ');
}

function isSameJob(a: Job, b: Job): boolean {
  if (a.kind === 'arguments') {
    return b.kind === 'arguments' && a.args.join('\0') === b.args.join('\0');
  }
  if (a.kind === 'script') {
    return b.kind === 'script' && b.text === a.text && b.bytes === a.bytes;
  }
  return b.kind === a.kind && b.text === a.text;
}
