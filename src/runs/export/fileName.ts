import { localMinute } from '../localMinute.ts';
import type { RunInfo } from '../run.ts';

/** Characters of the title in the name. */
const LONGEST = 40;

/** A name for the file of a run that every file system takes: `uptime-2026-03-01-1402`. */
export function exportName({ title, createdAt }: Pick<RunInfo, 'title' | 'createdAt'>): string {
  const words = title
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/-{2,}/g, '-')
    .slice(0, LONGEST)
    .toWellFormed()
    // Neither hidden, nor an option, nor ending as Windows does not allow.
    .replace(/^[-._]+|[-._]+$/g, '');
  const { day, hour, minute } = localMinute(createdAt);
  return `${words === '' ? 'run' : words}-${day}-${hour}${minute}`;
}
