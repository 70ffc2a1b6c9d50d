import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { App } from './editor/app.ts';
import { registerNodeOutputCommands } from './editor/output/nodeOutputCommands.ts';
import { registerLaunchCommands } from './editor/launch/launchCommands.ts';
import { registerRunListCommands } from './editor/runs/runListCommands.ts';
import { registerSupportCommands } from './editor/supportCommands.ts';
import { registerCompareCommands } from './editor/compare/compareCommands.ts';
import { registerConnectionCommands } from './editor/connections/connectionCommands.ts';
import { ConnectionService } from './editor/connections/connectionService.ts';
import { EditorSecrets } from './editor/connections/editorSecrets.ts';
import { tellOfMistakes } from './editor/connections/tellOfMistakes.ts';
import { createStatusBarItem } from './editor/connections/statusBarItem.ts';
import { registerExportCommands } from './editor/export/exportCommands.ts';
import { NodeChannels } from './editor/output/nodeChannels.ts';
import { AnsiColours } from './editor/output/ansiColours.ts';
import { CombinedTexts } from './editor/output/combinedTexts.ts';
import { registerFileLinks } from './editor/output/fileLinks.ts';
import { OutputDocuments } from './editor/output/outputDocuments.ts';
import { registerReportCommands } from './editor/reports/reportCommands.ts';
import { Reports } from './editor/reports/reports.ts';
import { RunChannels } from './editor/output/runChannels.ts';
import { registerLookCommands } from './editor/runs/lookCommands.ts';
import { pruneRuns } from './editor/runs/pruneRuns.ts';
import { restoreRuns } from './editor/runs/restoreRuns.ts';
import { tellOfDisk } from './editor/runs/tellOfDisk.ts';
import { RunHistory } from './editor/runs/runHistory.ts';
import { RunsLook } from './editor/runs/runsLook.ts';
import { RunsSelection } from './editor/runs/runsSelection.ts';
import { registerRunsView } from './editor/runs/runsView.ts';
import { RunService } from './editor/runs/runService.ts';
import { registerSearchCommands } from './editor/search/searchCommands.ts';
import { PlannedSteps } from './editor/steps/plannedSteps.ts';
import { registerStepCommands } from './editor/steps/stepCommands.ts';
import { tellOfSteps } from './editor/steps/tellOfSteps.ts';
import { tellOfTrouble } from './editor/tellOfTrouble.ts';

let runs: RunService | undefined;

/** Builds the services and registers the features; nothing else belongs here. */
export function activate(context: vscode.ExtensionContext): void {
  if (vscode.l10n.uri) l10n.config({ fsPath: vscode.l10n.uri.fsPath });
  const log = vscode.window.createOutputChannel('Consul Exec', { log: true });
  const secrets = new EditorSecrets(context.secrets);
  const history = new RunHistory(join(context.globalStorageUri.fsPath, 'runs'), log);
  runs = new RunService(log, history);
  const combined = new CombinedTexts();
  const memory = { window: context.workspaceState, all: context.globalState };
  const app: App = {
    log,
    state: context.workspaceState,
    connections: new ConnectionService(process.env, secrets, memory, log),
    runs,
    look: new RunsLook(context.globalState),
    selection: new RunsSelection(),
    channels: new RunChannels(runs),
    documents: new OutputDocuments(runs, combined),
    steps: new PlannedSteps(context.workspaceState),
  };
  const reports = new Reports();
  const nodeChannels = new NodeChannels(runs);
  context.subscriptions.push(
    log,
    runs,
    app.look,
    app.connections,
    app.channels,
    combined,
    app.documents,
    new AnsiColours(runs, log),
    registerFileLinks(runs),
    nodeChannels,
    registerRunsView(app),
    registerLookCommands(app),
    registerConnectionCommands(app, secrets),
    createStatusBarItem(app.connections),
    tellOfMistakes(app.connections, log),
    registerLaunchCommands(app),
    registerRunListCommands(app),
    registerStepCommands(app),
    tellOfSteps(app),
    reports,
    registerReportCommands(app, reports),
    tellOfTrouble(runs),
    tellOfDisk(runs),
    registerSearchCommands(app),
    registerExportCommands(app),
    registerNodeOutputCommands(app, nodeChannels),
    registerCompareCommands(app),
    registerSupportCommands(app),
  );
  context.subscriptions.push(restoreRuns(runs, history, app.connections, log), pruneRuns(runs));
}

/** Runs are let go of before the window goes. */
export async function deactivate(): Promise<void> {
  await runs?.shutDown();
}
