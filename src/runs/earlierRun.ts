import type { Job } from '../exec/job.ts';
import { datacentersOf, type RunInfo } from './run.ts';

/**
 * The last run before this one of the same job at the same place, if there is one.
 * @param node it must have been a target then, too
 */
export function earlierRun<T extends { readonly info: RunInfo }>(
  all: readonly T[],
  info: RunInfo,
  node?: string,
): T | undefined {
  const places = placesOf(info);
  return all
    .filter(
      ({ info: other }) =>
        other.id !== info.id &&
        other.createdAt <= info.createdAt &&
        other.connection === info.connection &&
        placesOf(other) === places &&
        isSameJob(other.job, info.job) &&
        (node === undefined || other.targets.includes(node)),
    )
    .reduce<T | undefined>(
      (last, one) => (last && last.info.createdAt >= one.info.createdAt ? last : one),
      undefined,
    );
}

/** The datacenters, in whichever order they were chosen. */
function placesOf(info: RunInfo): string {
  return datacentersOf(info).toSorted().join(', ');
}

function isSameJob(a: Job, b: Job): boolean {
  if (a.kind === 'arguments') {
    return b.kind === 'arguments' && a.args.join('\0') === b.args.join('\0');
  }
  return b.kind === a.kind && b.text === a.text;
}
