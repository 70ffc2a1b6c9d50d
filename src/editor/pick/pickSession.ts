import type { CatalogNode } from '../../consul/inventory.ts';
import type { Choice } from '../../exec/choice.ts';
import type { Job } from '../../exec/job.ts';
import type { OpenConnection } from '../connectionService.ts';
import type { RunSettings } from '../settings.ts';
import type { StepFrame } from './quickInput.ts';

/** What the steps of one passage through the quick picks share. */
export interface PickSession {
  readonly connection: OpenConnection;
  readonly job: Job;
  readonly settings: RunSettings;
  /** The catalog as it was last read. */
  readonly nodes: readonly CatalogNode[];
  /** What was run on last, if anything. */
  readonly last: Choice | undefined;
}

export const TOTAL_STEPS = 4;

export function frameOf(session: PickSession, step: number, title: string): StepFrame {
  const { datacenter, name } = session.connection;
  const place = datacenter === '' ? name : datacenter;
  return { title: `${title} — ${place}`, step, totalSteps: TOTAL_STEPS, canGoBack: step > 1 };
}
