/** Every id this extension contributes, in one place; test/unit/manifest.test.ts holds package.json to it. */

export const commands = {
  runSelection: 'consulExec.runSelection',
  runFile: 'consulExec.runFile',
  runCommand: 'consulExec.runCommand',
  runAgain: 'consulExec.runAgain',
  runAgainWithChanges: 'consulExec.runAgainWithChanges',
  runOnFailed: 'consulExec.runOnFailed',
  runOnSilent: 'consulExec.runOnSilent',
  runOnLost: 'consulExec.runOnLost',
  runOnThese: 'consulExec.runOnThese',
  runNextStep: 'consulExec.runNextStep',
  stop: 'consulExec.stop',
  showOutput: 'consulExec.showOutput',
  showMoreNodes: 'consulExec.showMoreNodes',
  openNodeOutput: 'consulExec.openNodeOutput',
  openNodeChannel: 'consulExec.openNodeChannel',
  openAllOutputs: 'consulExec.openAllOutputs',
  saveRawOutput: 'consulExec.saveRawOutput',
  compareSelected: 'consulExec.compareSelected',
  compareWithMajority: 'consulExec.compareWithMajority',
  compareWithEarlier: 'consulExec.compareWithEarlier',
  copySummary: 'consulExec.copySummary',
  removeRun: 'consulExec.removeRun',
  clearRuns: 'consulExec.clearRuns',
  switchConnection: 'consulExec.switchConnection',
  addConnection: 'consulExec.addConnection',
  editConnections: 'consulExec.editConnections',
  testConnection: 'consulExec.testConnection',
  showPolicy: 'consulExec.showPolicy',
  setToken: 'consulExec.setToken',
  setPassword: 'consulExec.setPassword',
  forgetSecrets: 'consulExec.forgetSecrets',
  groupBy: 'consulExec.groupBy',
  ignoreDifferences: 'consulExec.ignoreDifferences',
  filterByName: 'consulExec.filterByName',
  filterByState: 'consulExec.filterByState',
  clearFilter: 'consulExec.clearFilter',
  renameRun: 'consulExec.renameRun',
  pinRun: 'consulExec.pinRun',
  unpinRun: 'consulExec.unpinRun',
  whySilent: 'consulExec.whySilent',
  searchRun: 'consulExec.searchRun',
  exportRun: 'consulExec.exportRun',
  copyMarkdown: 'consulExec.copyMarkdown',
  copyNodeNames: 'consulExec.copyNodeNames',
  showLog: 'consulExec.showLog',
  openSettings: 'consulExec.openSettings',
} as const;

export const views = {
  runs: 'consulExec.runs',
} as const;

/** Keys of `when` clauses, set through `setContext`. */
export const contextKeys = {
  hasRuns: 'consulExec.hasRuns',
  running: 'consulExec.running',
  filtered: 'consulExec.filtered',
  connectionFailure: 'consulExec.connectionFailure',
  hasConnections: 'consulExec.hasConnections',
} as const;

/** What a key of the Runs view hands its command, for which VS Code names no row. */
export const SELECTED = 'selected';

export const SETTINGS = 'consulExec';

export type CommandId = (typeof commands)[keyof typeof commands];
