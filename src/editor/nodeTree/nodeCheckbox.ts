import * as vscode from 'vscode';

const { Checked, Unchecked } = vscode.TreeItemCheckboxState;

/**
 * The check box of a node, or of several.
 * @param state what a screen reader says after the name
 */
export function nodeCheckbox(isChecked: boolean, name: string, state = selectedLabel(isChecked)) {
  return {
    state: isChecked ? Checked : Unchecked,
    tooltip: selectedLabel(isChecked),
    accessibilityInformation: { label: `${name}: ${state}`, role: 'checkbox' },
  };
}

function selectedLabel(isChecked: boolean): string {
  return isChecked ? vscode.l10n.t('Selected') : vscode.l10n.t('Not selected');
}

/** How many selected nodes a filter hides. */
export function hiddenLabel(count: number): string {
  return vscode.l10n.t({
    message: '{0} selected, not shown',
    args: [count],
    comment: ['{0} is the number of selected nodes that a filter hides'],
  });
}
