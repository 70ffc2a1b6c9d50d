import type * as vscode from 'vscode';
import type { ConnectionService } from './connections/connectionService.ts';
import type { RunsLook } from './runs/runsLook.ts';
import type { RunsSelection } from './runs/runsSelection.ts';
import type { RunService } from './runs/runService.ts';
import type { RunChannels } from './output/runChannels.ts';
import type { PlannedSteps } from './steps/plannedSteps.ts';
import type { OutputDocuments } from './output/outputDocuments.ts';

/** What features are built from: made once by extension.ts, handed to each of them. */
export interface App {
  readonly log: vscode.LogOutputChannel;
  readonly state: vscode.Memento;
  readonly connections: ConnectionService;
  readonly runs: RunService;
  readonly look: RunsLook;
  readonly selection: RunsSelection;
  readonly channels: RunChannels;
  readonly documents: OutputDocuments;
  readonly steps: PlannedSteps;
}
