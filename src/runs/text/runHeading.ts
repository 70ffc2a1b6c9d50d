import { displayName } from '../../base/displayName.ts';
import { fullTimeLabel } from './time.ts';

interface NamedRun {
  readonly title: string;
  readonly connection: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** What ran, where, and when, for texts that leave the editor: `check.sh · staging · 7/1/2026, 2:30:05 PM` */
export function runHeading({ title, connection, createdAt }: NamedRun): string {
  return [displayName(title), displayName(connection), fullTimeLabel(createdAt)].join(' · ');
}
