import type { Guard } from '../../../exec/guard/guardJob.ts';
import type { Job } from '../../../exec/protocol/job.ts';
import type { ParameterValue } from '../../../exec/script/parameters/parameter.ts';
import type { Script } from '../../../exec/script/script.ts';
import type { StartedBy } from '../../../runs/model/startedBy.ts';
import { connectionLabel } from '../../connections/connectionLabel.ts';
import type { OpenConnection } from '../../connections/connectionService.ts';
import type { LastSelection } from './lastSelection.ts';
import type { RunSettings } from '../../base/settings.ts';
import type { StepFrame } from '../../base/quickInput.ts';
import type { TargetDatacenters } from './datacenterTargets.ts';
import type { Proposal } from './proposal.ts';

/** What the steps of one pass through the quick picks share. */
export interface PickSession {
  readonly connection: OpenConnection;
  /** The id of the run that may follow; the text of a guarded job contains it. */
  readonly runId: string;
  /** Who starts the run; resolves soon, and never rejects. */
  readonly startedBy: Promise<StartedBy>;
  /** As the user chose it: without a guard. */
  readonly job: Job;
  /** How the run is guarded, if it is. The user can change that for this run. */
  readonly guard: Guard | undefined;
  /** The title of the run. */
  readonly title: string;
  /** What the job was made from, if it is a script that was just chosen. */
  readonly script: Script | undefined;
  /** The values of its parameters, which the job has. */
  readonly parameters: readonly ParameterValue[];
  /** Whether the job has the `#!` line that was found for the script, if there is one. */
  readonly usesAddedLine: boolean;
  /** Whether this is a later step of a run in steps: its nodes were assigned before the first step. */
  readonly isNextStep: boolean;
  /** Labels of nodes that an earlier run of this job did not account for: they may have run it. */
  readonly mayHaveRun: ReadonlySet<string>;
  /** The user can change them for this run. */
  readonly settings: RunSettings;
  /** The user can select others. */
  readonly datacenters: TargetDatacenters;
  /** The selection of the last run on this connection, if any. */
  readonly last: LastSelection | undefined;
  /** What the user reviewed on this connection and left without running, if anything since the last run. */
  readonly left: LastSelection | undefined;
  /** The steps that the script asks for, as `parseSteps` reads them. */
  readonly steps?: string | undefined;
  /** The most output of each node that the script allows, in bytes. */
  readonly outputCap?: number | undefined;
  /** Warnings about how the nodes were chosen, one or more sentences each. */
  readonly choiceWarnings?: readonly string[];
  /** Set if an assistant proposes the run. */
  readonly proposal?: Proposal | undefined;
}

/** What it takes to find nodes, before there is a job. */
export type ChoiceSession = Pick<PickSession, 'connection' | 'datacenters' | 'settings'>;

const TOTAL_STEPS = 4;

export function frameOf(session: PickSession, step: number, title: string): StepFrame {
  return {
    title: `${title} — ${locationLabel(session)}`,
    step,
    totalSteps: TOTAL_STEPS,
    canGoBack: step > 1,
  };
}

/** Where the run would go: `dc1 · staging`. Marks production. */
export function locationLabel({ connection, datacenters }: PickSession): string {
  const { name, production } = connection;
  return [datacenters.names, connectionLabel(name, production)].filter(Boolean).join(' · ');
}
