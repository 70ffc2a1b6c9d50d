import * as vscode from 'vscode';
import { runOnLabel } from '../../base/nodeCount.ts';
import { plainLabel } from '../../base/plainLabel.ts';

export const viewTextButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('file-code'),
  tooltip: vscode.l10n.t('View Full Text'),
};

export const openViewButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('list-tree'),
  tooltip: vscode.l10n.t('Open as a Review: in a view of its own, beside the script'),
};

export const changeWaitButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('watch'),
  tooltip: vscode.l10n.t("Change how long this run waits for nodes that don't respond"),
};

export const changeGuardButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('shield'),
  tooltip: vscode.l10n.t('Change the guard: a time limit, and results that can be recovered'),
};

export const saveSetButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('bookmark'),
  tooltip: vscode.l10n.t('Save These Nodes as a Set'),
};

export const runInStepsButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('list-ordered'),
  tooltip: vscode.l10n.t('Run in steps: on a few nodes first, then on the rest'),
};

/** Switches the `#!` line off that was added to the script, or on again. */
export function addedLineButton(line: string, isUsed: boolean): vscode.QuickInputButton {
  const shown = plainLabel(line);
  return {
    iconPath: new vscode.ThemeIcon(isUsed ? 'terminal-bash' : 'terminal'),
    tooltip: isUsed
      ? vscode.l10n.t('Run without the added line "{0}"', shown)
      : vscode.l10n.t('Add the line "{0}"', shown),
  };
}

/** Lists the warnings with their fixes. */
export const viewWarningsButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('warning'),
  tooltip: vscode.l10n.t('View Warnings and Fixes'),
};

const RUN_ICON = new vscode.ThemeIcon('play');

/** The editor's own button is called "OK"; this one names the action. */
export function runButton(nodeCount: number): vscode.QuickInputButton {
  return { iconPath: RUN_ICON, tooltip: runOnLabel(nodeCount) };
}
