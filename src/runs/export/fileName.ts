import { sortableMinute } from '../text/time.ts';
import type { RunInfo } from '../run.ts';

/** Characters of the title in the file name. */
const MAX_TITLE_LENGTH = 40;

/** A file name for a run that is valid in every file system: `uptime-2026-03-01-1402`. */
export function exportName({ title, createdAt }: Pick<RunInfo, 'title' | 'createdAt'>): string {
  const words = title
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/-{2,}/g, '-')
    .slice(0, MAX_TITLE_LENGTH)
    .toWellFormed()
    // The name must not be hidden, look like an option, or end in a way that Windows rejects.
    .replace(/^[-._]+|[-._]+$/g, '');
  const { day, hour, minute } = sortableMinute(createdAt);
  return `${words === '' ? 'run' : words}-${day}-${hour}${minute}`;
}
