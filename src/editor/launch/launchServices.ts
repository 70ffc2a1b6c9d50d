import type * as vscode from 'vscode';
import type { ConnectionService } from '../connections/connectionService.ts';
import type { RunFollower } from '../runs/runFollower.ts';
import type { StepServices } from '../runs/stepOf.ts';
import type { LoadServices } from '../runsView/runElements.ts';
import type { RampRule } from '../../exec/ramp/rampRule.ts';
import type { TargetChoice } from '../pick/chooseTargets.ts';
import type { OpenLaunches } from './openLaunches.ts';
import type { ReviewHost } from '../pick/reviewView/reviewHost.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import type { PreparedSteps } from './prepareSteps.ts';

/** What it takes to start a run. */
export interface LaunchServices extends LoadServices, StepServices {
  readonly log: vscode.LogOutputChannel;
  /** Of the workspace. */
  readonly state: vscode.Memento;
  readonly connections: ConnectionService;
  readonly follower: RunFollower;
  readonly ramps: RampStarter;
  readonly reviewHost: ReviewHost;
  readonly launches: OpenLaunches;
}

/** Starts the later steps of a run in steps on its own. */
export interface RampStarter {
  /** @param first the run of the first step, which has just started */
  begin(
    first: ListedRun,
    choice: TargetChoice,
    rule: RampRule,
    prepared: PreparedSteps,
  ): Promise<void>;
  /**
   * The step after this run: `live` if it starts on its own, so that it can't be started by hand;
   * `unsure` if it may have started before the window closed; undefined otherwise.
   */
  nextStepOf(run: string): 'live' | 'unsure' | undefined;
}
