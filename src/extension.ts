import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { registerAddConnection } from './editor/addConnection/registerAddConnection.ts';
import { registerAssistants } from './editor/assistants/registerAssistants.ts';
import { registerBlockResults } from './editor/blockResults/registerBlockResults.ts';
import { registerCatchUpCommands } from './editor/catchUp/catchUpCommands.ts';
import { registerCompareCommands } from './editor/compare/compareCommands.ts';
import { registerConnectionCommands } from './editor/connections/connectionCommands.ts';
import { ConnectionService } from './editor/connections/connectionService.ts';
import { EditorSecrets } from './editor/connections/editorSecrets.ts';
import { notifyProfileErrors } from './editor/connections/notifyProfileErrors.ts';
import { createStatusBarItem } from './editor/connections/statusBarItem.ts';
import { registerDirectives } from './editor/directive/registerDirectives.ts';
import { registerEndCommands } from './editor/endOnNodes/endCommands.ts';
import { registerExportCommands } from './editor/export/exportCommands.ts';
import { registerFleetCommands } from './editor/fleetView/fleetCommands.ts';
import { FleetView } from './editor/fleetView/fleetView.ts';
import { registerLaunchCommands } from './editor/launch/launchCommands.ts';
import { OpenLaunches } from './editor/launch/openLaunches.ts';
import { registerRunAgainCommands } from './editor/runAgain/runAgainCommands.ts';
import { registerStepCommands } from './editor/launch/stepCommands.ts';
import { notifyDiskErrors } from './editor/notifications/notifyDiskErrors.ts';
import { notifyRunProblems } from './editor/notifications/notifyRunProblems.ts';
import { notifyStepEnd } from './editor/notifications/notifyStepEnd.ts';
import { notifyOutputLimit } from './editor/outputLimit/notifyOutputLimit.ts';
import { registerRaiseOutputLimit } from './editor/outputLimit/raiseOutputLimit.ts';
import { AnsiDecorator } from './editor/output/ansiDecorator.ts';
import { CombinedTexts } from './editor/output/combinedTexts.ts';
import { registerFileLinks } from './editor/links/fileLinks.ts';
import { NodeChannels } from './editor/output/nodeChannels.ts';
import { registerEncodingCommands } from './editor/output/encodingCommands.ts';
import { EncodingChoices } from './editor/output/encodingChoices.ts';
import { followSelection } from './editor/output/followSelection.ts';
import { registerNodeOutputCommands } from './editor/output/nodeOutputCommands.ts';
import { OutputDocuments } from './editor/output/outputDocuments.ts';
import { RunChannels } from './editor/output/runChannels.ts';
import { registerPolicyCommands } from './editor/policies/policyCommands.ts';
import { registerReviewCommands } from './editor/pick/reviewView/reviewCommands.ts';
import { ReviewHost } from './editor/pick/reviewView/reviewHost.ts';
import { registerSetCommands } from './editor/pick/sets/setCommands.ts';
import { notifyRamp } from './editor/ramp/notifyRamp.ts';
import { registerRampCommands } from './editor/ramp/rampCommands.ts';
import { Ramps } from './editor/ramp/ramps.ts';
import { registerRecoverCommands } from './editor/recovery/recoverCommands.ts';
import { registerReportCommands } from './editor/reports/reportCommands.ts';
import { Reports } from './editor/reports/reports.ts';
import { PlannedSteps } from './editor/runs/plannedSteps.ts';
import { pruneRuns } from './editor/runs/pruneRuns.ts';
import { restoreRuns } from './editor/runs/restoreRuns.ts';
import { RunFollower } from './editor/runs/runFollower.ts';
import { RunHistory } from './editor/runs/runHistory.ts';
import { RunList } from './editor/runs/runList.ts';
import { RunLoader } from './editor/runs/runLoader.ts';
import { registerRunbook } from './editor/runbook/registerRunbook.ts';
import { registerRunListCommands } from './editor/runsView/runListCommands.ts';
import { registerRunsView } from './editor/runsView/runsView.ts';
import { registerViewCommands } from './editor/runsView/viewCommands.ts';
import { RunsViewOptions } from './editor/runsView/viewOptions.ts';
import { ViewSelection } from './editor/runsView/runElements.ts';
import { registerSearchCommands } from './editor/search/searchCommands.ts';
import { registerSupportCommands } from './editor/support/supportCommands.ts';
import { registerTasks } from './editor/tasks/registerTasks.ts';
import { CommandHistory } from './editor/typedCommand/commandHistory.ts';

let follower: RunFollower | undefined;
let ramps: Ramps | undefined;
let runList: RunList | undefined;

/** Creates the services and registers the features; nothing else belongs here. */
export function activate(context: vscode.ExtensionContext): void {
  if (vscode.l10n.uri) l10n.config({ fsPath: vscode.l10n.uri.fsPath });
  const log = vscode.window.createOutputChannel('Consul Exec', { log: true });
  const services = createServices(context, log);
  follower = services.follower;
  ramps = services.ramps;
  runList = services.runs;
  const { runs, loader, connections, secrets } = services;
  context.subscriptions.push(
    log,
    ...disposablesOf(services),
    new AnsiDecorator(runs, loader, log),
    registerFileLinks(runs),
    registerRunsView(services),
    registerRunListCommands(services),
    registerViewCommands(services.viewOptions, log),
    registerConnectionCommands(connections, secrets, log),
    registerAddConnection(services),
    registerPolicyCommands(services),
    createStatusBarItem(connections),
    notifyProfileErrors(connections, log),
    registerLaunchCommands(services),
    // VS Code shows the links of what is registered last first.
    registerBlockResults(services),
    registerDirectives(services),
    registerTasks(services),
    registerRunbook(services),
    registerReviewCommands(services),
    registerSetCommands(log),
    registerFleetCommands(services),
    registerRunAgainCommands(services),
    registerCatchUpCommands(services),
    registerRecoverCommands(services),
    registerEndCommands(services),
    registerStepCommands(services),
    notifyStepEnd(services),
    registerRampCommands(services),
    notifyRamp(services),
    registerReportCommands(services),
    registerRaiseOutputLimit(services),
    notifyOutputLimit(services),
    notifyRunProblems(runs),
    notifyDiskErrors(runs),
    registerSearchCommands(services),
    registerExportCommands(services),
    registerNodeOutputCommands(services),
    followSelection(services),
    registerEncodingCommands(services),
    registerCompareCommands(services),
    registerSupportCommands(log),
    registerAssistants(services, context.extension),
  );
  context.subscriptions.push(restoreRuns(services), pruneRuns(runs));
}

function createServices(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
  const { workspaceState, globalState, globalStorageUri } = context;
  const secrets = new EditorSecrets(context.secrets);
  const memory = { window: workspaceState, all: globalState };
  const history = new RunHistory(join(globalStorageUri.fsPath, 'runs'), log);
  const runs = new RunList(history, log);
  const connections = new ConnectionService(process.env, secrets, memory, log);
  const encodings = new EncodingChoices(globalState, runs, connections);
  const loader = new RunLoader(runs, history, encodings.apply);
  const combined = new CombinedTexts();
  const selection = new ViewSelection();
  const base = {
    log,
    state: workspaceState,
    secrets,
    connections,
    encodings,
    history,
    runs,
    loader,
    follower: new RunFollower(runs, loader, history, log),
    steps: new PlannedSteps(workspaceState),
    viewOptions: new RunsViewOptions(globalState),
    commandHistory: new CommandHistory(globalState),
    selection,
    combined,
    documents: new OutputDocuments(runs, loader, combined, encodings),
    runChannels: new RunChannels(runs, encodings),
    nodeChannels: new NodeChannels(runs, encodings),
    reports: new Reports(),
    reviewHost: new ReviewHost(selection),
    launches: new OpenLaunches(),
    fleetView: new FleetView({ connections, runs, log }),
  };
  return { ...base, ramps: new Ramps(base) };
}

function disposablesOf(services: ReturnType<typeof createServices>): { dispose(): unknown }[] {
  const { ramps: steps, runs, connections, viewOptions, combined, documents, selection } = services;
  const { runChannels, nodeChannels, reports, encodings, reviewHost, fleetView } = services;
  const shown = [runChannels, combined, documents, nodeChannels, reports, reviewHost, fleetView];
  return [steps, runs, viewOptions, selection, connections, encodings, ...shown];
}

/** Stops or detaches the active runs before the window closes. */
export async function deactivate(): Promise<void> {
  // No step starts while the runs are being stopped.
  ramps?.dispose();
  await Promise.all([runList?.deleteRemoved(), follower?.shutDown()]);
}
