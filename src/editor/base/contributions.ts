import type { Uri } from 'vscode';
import type { GroupMode } from '../../runs/grouping/groupMode.ts';

/** All ids that package.json contributes; test/unit/manifest.test.ts compares the two. */

export const commands = {
  runSelection: 'consulExec.runSelection',
  runLine: 'consulExec.runLine',
  runAtCursor: 'consulExec.runAtCursor',
  chooseTargets: 'consulExec.chooseTargets',
  insertResult: 'consulExec.insertResult',
  saveIncidentNote: 'consulExec.saveIncidentNote',
  runFile: 'consulExec.runFile',
  runCommand: 'consulExec.runCommand',
  runAgain: 'consulExec.runAgain',
  runAgainWithChanges: 'consulExec.runAgainWithChanges',
  runOnFailed: 'consulExec.runOnFailed',
  runOnNoResponse: 'consulExec.runOnNoResponse',
  runOnLost: 'consulExec.runOnLost',
  runOnThese: 'consulExec.runOnThese',
  runReviewed: 'consulExec.runReviewed',
  runReviewedInSteps: 'consulExec.runReviewedInSteps',
  useReviewRow: 'consulExec.useReviewRow',
  filterReview: 'consulExec.filterReview',
  groupReview: 'consulExec.groupReview',
  showReviewedScript: 'consulExec.showReviewedScript',
  changeReviewedGuard: 'consulExec.changeReviewedGuard',
  changeReviewedWait: 'consulExec.changeReviewedWait',
  saveReviewedSet: 'consulExec.saveReviewedSet',
  editSets: 'consulExec.editSets',
  selectOtherNodes: 'consulExec.selectOtherNodes',
  reviewInQuickPick: 'consulExec.reviewInQuickPick',
  cancelReview: 'consulExec.cancelReview',
  copyMcpServer: 'consulExec.copyMcpServer',
  useFleetRow: 'consulExec.useFleetRow',
  refreshFleet: 'consulExec.refreshFleet',
  layOutFleet: 'consulExec.layOutFleet',
  filterFleet: 'consulExec.filterFleet',
  clearFleetSelection: 'consulExec.clearFleetSelection',
  runOnFleet: 'consulExec.runOnFleet',
  runOnFleetNodes: 'consulExec.runOnFleetNodes',
  copyFleetNames: 'consulExec.copyFleetNames',
  copyFleetAddresses: 'consulExec.copyFleetAddresses',
  showNodeRuns: 'consulExec.showNodeRuns',
  runWhenReturned: 'consulExec.runWhenReturned',
  recoverResults: 'consulExec.recoverResults',
  runNextStep: 'consulExec.runNextStep',
  pauseSteps: 'consulExec.pauseSteps',
  continueSteps: 'consulExec.continueSteps',
  stopSteps: 'consulExec.stopSteps',
  stop: 'consulExec.stop',
  endOnNodes: 'consulExec.endOnNodes',
  raiseOutputLimit: 'consulExec.raiseOutputLimit',
  showOutput: 'consulExec.showOutput',
  showMoreNodes: 'consulExec.showMoreNodes',
  openNodeOutput: 'consulExec.openNodeOutput',
  openNodeChannel: 'consulExec.openNodeChannel',
  openAllOutputs: 'consulExec.openAllOutputs',
  openScript: 'consulExec.openScript',
  reopenWithEncoding: 'consulExec.reopenWithEncoding',
  saveRawOutput: 'consulExec.saveRawOutput',
  compareSelected: 'consulExec.compareSelected',
  compareWithMostCommon: 'consulExec.compareWithMostCommon',
  compareWithEarlier: 'consulExec.compareWithEarlier',
  compareScript: 'consulExec.compareScript',
  copySummary: 'consulExec.copySummary',
  removeRun: 'consulExec.removeRun',
  undoRemoveRun: 'consulExec.undoRemoveRun',
  clearRuns: 'consulExec.clearRuns',
  switchConnection: 'consulExec.switchConnection',
  addConnection: 'consulExec.addConnection',
  editConnections: 'consulExec.editConnections',
  testConnection: 'consulExec.testConnection',
  showPolicy: 'consulExec.showPolicy',
  copyPolicy: 'consulExec.copyPolicy',
  setToken: 'consulExec.setToken',
  setPassword: 'consulExec.setPassword',
  forgetSecrets: 'consulExec.forgetSecrets',
  groupBy: 'consulExec.groupBy',
  ignoreDifferences: 'consulExec.ignoreDifferences',
  filterByName: 'consulExec.filterByName',
  filterByStatus: 'consulExec.filterByStatus',
  clearFilter: 'consulExec.clearFilter',
  renameRun: 'consulExec.renameRun',
  pinRun: 'consulExec.pinRun',
  unpinRun: 'consulExec.unpinRun',
  whyNoResponse: 'consulExec.whyNoResponse',
  whyLost: 'consulExec.whyLost',
  searchRun: 'consulExec.searchRun',
  searchAllRuns: 'consulExec.searchAllRuns',
  exportRun: 'consulExec.exportRun',
  copyMarkdown: 'consulExec.copyMarkdown',
  copyNodeNames: 'consulExec.copyNodeNames',
  reopenAsRunbook: 'consulExec.reopenAsRunbook',
  showLog: 'consulExec.showLog',
  openSettings: 'consulExec.openSettings',
} as const;

export type CommandId = (typeof commands)[keyof typeof commands];

/** A row of the Runs view; src/editor/runsView/runElements.ts has the full types. */
interface RowArgument {
  readonly kind: 'rollout' | 'run' | 'group' | 'node' | 'more';
  readonly listed: { readonly id: string };
}

/** The row that a menu was opened on, then all selected rows. From the Command Palette: nothing. */
type MenuArgs = [row?: RowArgument, selected?: readonly RowArgument[]];
/** As from a menu; from a key binding, `SELECTED`. */
type RowKeyArgs = MenuArgs | [typeof SELECTED];

/** A document and a line from 0, or what the menu of the gutter passes. From the Command Palette: nothing. */
type PlaceArgs = [place?: Uri | { readonly uri: Uri; readonly lineNumber: number }, line?: number];

/** A row of the review. From the Command Palette and from other extensions: nothing. */
type ReviewArgs = [row?: { readonly review: object }];

/** Rows of the Fleet view, as from its menus. From the Command Palette and from other extensions: nothing. */
type FleetArgs = [
  row?: { readonly content: object },
  rows?: readonly { readonly content: object }[],
];

/** The arguments that each command accepts; `executeCommand` and `commandLink` check them. */
export interface CommandArgs {
  'consulExec.copyMcpServer': [];
  'consulExec.runSelection': [];
  'consulExec.runLine': [];
  'consulExec.runAtCursor': PlaceArgs;
  'consulExec.chooseTargets': PlaceArgs;
  'consulExec.insertResult': PlaceArgs;
  'consulExec.saveIncidentNote': [];
  'consulExec.runFile': [file?: Uri];
  'consulExec.runCommand': [];
  'consulExec.runAgain': MenuArgs;
  'consulExec.runAgainWithChanges': MenuArgs;
  'consulExec.runOnFailed': MenuArgs;
  'consulExec.runOnNoResponse': MenuArgs;
  'consulExec.runOnLost': MenuArgs;
  'consulExec.runOnThese': MenuArgs;
  'consulExec.runReviewed': ReviewArgs;
  'consulExec.runReviewedInSteps': ReviewArgs;
  'consulExec.useReviewRow': ReviewArgs;
  'consulExec.filterReview': [];
  'consulExec.groupReview': [];
  'consulExec.showReviewedScript': [];
  'consulExec.changeReviewedGuard': [];
  'consulExec.changeReviewedWait': [];
  'consulExec.saveReviewedSet': [];
  'consulExec.editSets': [];
  'consulExec.selectOtherNodes': [];
  'consulExec.reviewInQuickPick': [];
  'consulExec.cancelReview': [];
  'consulExec.useFleetRow': FleetArgs;
  'consulExec.refreshFleet': [];
  'consulExec.layOutFleet': [];
  'consulExec.filterFleet': [];
  'consulExec.clearFleetSelection': [];
  'consulExec.runOnFleet': FleetArgs;
  'consulExec.runOnFleetNodes': FleetArgs;
  'consulExec.copyFleetNames': FleetArgs;
  'consulExec.copyFleetAddresses': FleetArgs;
  'consulExec.showNodeRuns': FleetArgs;
  'consulExec.runWhenReturned': MenuArgs;
  'consulExec.recoverResults': MenuArgs;
  'consulExec.runNextStep': MenuArgs;
  'consulExec.pauseSteps': MenuArgs;
  'consulExec.continueSteps': MenuArgs;
  'consulExec.stopSteps': MenuArgs;
  'consulExec.stop': MenuArgs;
  'consulExec.endOnNodes': MenuArgs;
  'consulExec.raiseOutputLimit': MenuArgs;
  'consulExec.showOutput': MenuArgs;
  'consulExec.showMoreNodes': [key: string];
  'consulExec.openNodeOutput': MenuArgs;
  'consulExec.openNodeChannel': MenuArgs;
  'consulExec.openAllOutputs': MenuArgs;
  'consulExec.openScript': MenuArgs;
  'consulExec.reopenWithEncoding': [document?: Uri];
  'consulExec.saveRawOutput': MenuArgs;
  'consulExec.compareSelected': MenuArgs;
  'consulExec.compareWithMostCommon': MenuArgs;
  'consulExec.compareWithEarlier': MenuArgs;
  'consulExec.compareScript': MenuArgs;
  'consulExec.copySummary': MenuArgs;
  'consulExec.removeRun': RowKeyArgs;
  'consulExec.undoRemoveRun': [];
  'consulExec.clearRuns': [];
  'consulExec.switchConnection': [];
  'consulExec.addConnection': [];
  'consulExec.editConnections': [];
  'consulExec.testConnection': [];
  'consulExec.showPolicy': [];
  'consulExec.copyPolicy': [rules?: string];
  'consulExec.setToken': [];
  'consulExec.setPassword': [];
  'consulExec.forgetSecrets': [];
  'consulExec.groupBy': [mode?: GroupMode];
  'consulExec.ignoreDifferences': [];
  'consulExec.filterByName': [];
  'consulExec.filterByStatus': [];
  'consulExec.clearFilter': [];
  'consulExec.renameRun': RowKeyArgs;
  'consulExec.pinRun': MenuArgs;
  'consulExec.unpinRun': MenuArgs;
  'consulExec.whyNoResponse': MenuArgs;
  'consulExec.whyLost': MenuArgs;
  'consulExec.searchRun': MenuArgs;
  'consulExec.searchAllRuns': [];
  'consulExec.exportRun': MenuArgs;
  'consulExec.copyMarkdown': MenuArgs;
  'consulExec.copyNodeNames': RowKeyArgs;
  'consulExec.reopenAsRunbook': [];
  'consulExec.showLog': [];
  'consulExec.openSettings': [];
}

export const views = {
  fleet: 'consulExec.fleet',
  review: 'consulExec.review',
  runs: 'consulExec.runs',
} as const;

/** Context keys for `when` clauses, set through `setContext`. */
export const contextKeys = {
  hasRuns: 'consulExec.hasRuns',
  running: 'consulExec.running',
  canUndoRemove: 'consulExec.canUndoRemove',
  filtered: 'consulExec.filtered',
  reviewing: 'consulExec.reviewing',
  connectionFailure: 'consulExec.connectionFailure',
  agentFrom: 'consulExec.agentFrom',
  hasBlocks: 'consulExec.hasBlocks',
} as const;

/** The type of notebooks that show a Markdown file. */
export const RUNBOOK = 'consul-exec.runbook';

/** The argument in key bindings of the Runs view: VS Code passes their commands no row. */
export const SELECTED = 'selected';

export const SETTINGS = 'consulExec';

/**
 * The language of outputs and reports, with calm defaults in package.json. VS Code gives it to documents by
 * their path, which has the run's title and time: changing it when a document opens would close and reopen
 * the document.
 */
export const OUTPUT_LANGUAGE = 'consul-exec-output';
