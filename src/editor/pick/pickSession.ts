import * as vscode from 'vscode';
import type { Job } from '../../exec/job.ts';
import type { OpenConnection } from '../connections/connectionService.ts';
import type { LastChoice } from '../launch/lastChoice.ts';
import type { RunSettings } from '../settings.ts';
import type { StepFrame } from '../input/quickInput.ts';
import type { Sites } from './sites.ts';

/** What the steps of one passage through the quick picks share. */
export interface PickSession {
  readonly connection: OpenConnection;
  readonly job: Job;
  /** What the run will be called. */
  readonly title: string;
  /** Whether it is the next step of a run made in steps: its nodes were dealt out before. */
  readonly goesOn: boolean;
  /** Replaced when the user wants others for this run. */
  settings: RunSettings;
  /** Replaced when the user chooses other datacenters. */
  sites: Sites;
  /** What was run on last through this connection, if anything. */
  readonly last: LastChoice | undefined;
}

const TOTAL_STEPS = 4;

export function frameOf(session: PickSession, step: number, title: string): StepFrame {
  return {
    title: `${title} — ${placeOf(session)}`,
    step,
    totalSteps: TOTAL_STEPS,
    canGoBack: step > 1,
  };
}

/** Where the run would go: `dc1 · staging`; production says so. */
export function placeOf({ connection, sites }: PickSession): string {
  const { name, production } = connection;
  return [sites.names, production ? vscode.l10n.t('{0} (production)', name) : name]
    .filter(Boolean)
    .join(' · ');
}
