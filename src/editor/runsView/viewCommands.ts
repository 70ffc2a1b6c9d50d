import * as vscode from 'vscode';
import { GROUP_MODES, type GroupMode, isGroupMode } from '../../runs/grouping/groupMode.ts';
import { DIFFERENCES } from '../../runs/grouping/ignoredDifferences.ts';
import { ignoredDifferenceLabel } from '../../runs/grouping/ignoredDifferencesLabel.ts';
import { STATUSES } from '../../runs/model/nodeStatus.ts';
import { commands } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';
import { statusLabel } from '../runs/statusLabel.ts';
import { groupModeLabel } from './viewLabels.ts';
import type { RunsViewOptions } from './viewOptions.ts';

const MODE_ICONS: Readonly<Record<GroupMode, string>> = {
  node: 'server',
  status: 'pulse',
  output: 'group-by-ref-type',
  service: 'layers',
};

/** Commands for how the Runs view shows nodes: grouped, ignoring differences, filtered. */
export function registerViewCommands(
  options: RunsViewOptions,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(commands.groupBy, log, async (mode) => {
      const chosen = isGroupMode(mode) ? mode : await pickMode(options);
      if (chosen) await options.setMode(chosen);
    }),
    registerCommand(commands.ignoreDifferences, log, () => pickIgnored(options)),
    registerCommand(commands.filterByName, log, () => askForName(options)),
    registerCommand(commands.filterByStatus, log, () => pickStatuses(options)),
    registerCommand(commands.clearFilter, log, () => options.setFilter(undefined)),
  );
}

async function pickMode(options: RunsViewOptions): Promise<GroupMode | undefined> {
  const rows = GROUP_MODES.map((mode) => ({
    label: groupModeLabel(mode),
    iconPath: new vscode.ThemeIcon(MODE_ICONS[mode]),
    description: mode === options.mode ? vscode.l10n.t('in use') : '',
    mode,
  }));
  const title = vscode.l10n.t('Group Nodes');
  return (await vscode.window.showQuickPick(rows, { title }))?.mode;
}

async function pickIgnored(options: RunsViewOptions): Promise<void> {
  const rows = DIFFERENCES.map((difference) => ({
    label: ignoredDifferenceLabel(difference),
    picked: options.ignored[difference] === true,
    difference,
  }));
  const title = vscode.l10n.t('Ignore When Grouping by Output');
  const chosen = await vscode.window.showQuickPick(rows, { title, canPickMany: true });
  if (!chosen) return;
  const ignored = new Set(chosen.map(({ difference }) => difference));
  await options.setIgnored(Object.fromEntries(DIFFERENCES.map((d) => [d, ignored.has(d)])));
  if (options.mode !== 'output') await options.setMode('output');
}

async function askForName(options: RunsViewOptions): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Filter Nodes by Name'),
    value: options.filter.text,
  });
  if (text !== undefined) options.setFilter({ ...options.filter, text });
}

async function pickStatuses(options: RunsViewOptions): Promise<void> {
  const rows = STATUSES.map((status) => ({
    label: statusLabel(status),
    picked: options.filter.statuses?.includes(status) ?? true,
    status,
  }));
  const title = vscode.l10n.t('Filter Nodes by Status');
  const chosen = await vscode.window.showQuickPick(rows, { title, canPickMany: true });
  if (!chosen) return;
  const statuses = chosen.map(({ status }) => status);
  const isAll = statuses.length === 0 || statuses.length === STATUSES.length;
  options.setFilter({ ...options.filter, statuses: isAll ? undefined : statuses });
}
