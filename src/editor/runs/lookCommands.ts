import * as vscode from 'vscode';
import { DIFFERENCES } from '../../runs/ignored.ts';
import { ignoredLabel } from '../../runs/ignoredWords.ts';
import { STANDINGS } from '../../runs/nodeResult.ts';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import { registerCommand } from '../register.ts';
import { modeLabel } from './runsWords.ts';
import { GROUP_MODES } from './shownGroups.ts';
import { standingLabel } from './standingLabel.ts';

const MODE_ICONS = {
  node: 'server',
  state: 'pulse',
  output: 'group-by-ref-type',
  service: 'layers',
};

/** How the Runs view shows nodes: grouped, ignoring differences, filtered. */
export function registerLookCommands({ look, log }: App): vscode.Disposable {
  const groupBy = async () => {
    const rows = GROUP_MODES.map((mode) => ({
      label: modeLabel(mode),
      iconPath: new vscode.ThemeIcon(MODE_ICONS[mode]),
      description: mode === look.mode ? vscode.l10n.t('in use') : '',
      mode,
    }));
    const title = vscode.l10n.t('Group Nodes');
    const chosen = await vscode.window.showQuickPick(rows, { title });
    if (chosen) await look.setMode(chosen.mode);
  };
  const ignore = async () => {
    const rows = DIFFERENCES.map((difference) => ({
      label: ignoredLabel(difference),
      picked: look.ignored[difference] === true,
      difference,
    }));
    const chosen = await vscode.window.showQuickPick(rows, {
      title: vscode.l10n.t('Ignore When Grouping by Output'),
      canPickMany: true,
    });
    if (!chosen) return;
    const on = new Set(chosen.map(({ difference }) => difference));
    await look.setIgnored(Object.fromEntries(DIFFERENCES.map((d) => [d, on.has(d)])));
    if (look.mode !== 'output') await look.setMode('output');
  };
  const filterText = async () => {
    const text = await vscode.window.showInputBox({
      title: vscode.l10n.t('Show Only Nodes Whose Name Has…'),
      value: look.filter.text,
    });
    if (text !== undefined) look.setFilter({ ...look.filter, text });
  };
  const filterState = async () => {
    const rows = STANDINGS.map((standing) => ({
      label: standingLabel(standing),
      picked: look.filter.standings?.includes(standing) ?? true,
      standing,
    }));
    const title = vscode.l10n.t('Show Only Nodes That Are…');
    const chosen = await vscode.window.showQuickPick(rows, { title, canPickMany: true });
    if (!chosen) return;
    const standings = chosen.map(({ standing }) => standing);
    const all = standings.length === 0 || standings.length === STANDINGS.length;
    look.setFilter({ ...look.filter, standings: all ? undefined : standings });
  };
  return vscode.Disposable.from(
    registerCommand(commands.groupBy, log, groupBy),
    registerCommand(commands.ignoreDifferences, log, ignore),
    registerCommand(commands.filterByName, log, filterText),
    registerCommand(commands.filterByState, log, filterState),
    registerCommand(commands.clearFilter, log, () => look.setFilter(undefined)),
  );
}
