import * as vscode from 'vscode';
import { SETTINGS } from '../../base/contributions.ts';
import { BACK, pickOne } from '../../base/quickInput.ts';
import { writtenSets } from '../../base/settings.ts';

/** Opens settings.json at the sets, to rename or remove them. Asks in which one if there are two. */
export async function editSets(): Promise<void> {
  const { user, workspace } = writtenSets();
  const inWorkspace =
    user !== undefined && workspace !== undefined
      ? await ask()
      : user === undefined && workspace !== undefined;
  if (inWorkspace === undefined) return;
  const command = inWorkspace
    ? 'workbench.action.openWorkspaceSettingsFile'
    : 'workbench.action.openSettingsJson';
  await vscode.commands.executeCommand(command, {
    revealSetting: { key: `${SETTINGS}.sets`, edit: true },
  });
}

async function ask(): Promise<boolean | undefined> {
  const inWorkspace = await pickOne<boolean>(
    { title: vscode.l10n.t('Edit Sets in Settings'), canGoBack: false },
    vscode.l10n.t('Select the settings to open'),
    () => settingsRows(),
  );
  return inWorkspace === BACK ? undefined : inWorkspace;
}

/** Where sets can be saved; the value says whether that is the workspace. */
export function settingsRows() {
  return [
    {
      label: vscode.l10n.t('User Settings'),
      iconPath: new vscode.ThemeIcon('account'),
      description: vscode.l10n.t('for you, in every window'),
      value: false,
    },
    {
      label: vscode.l10n.t('Workspace Settings'),
      iconPath: new vscode.ThemeIcon('root-folder'),
      description: vscode.l10n.t('for everyone who opens this workspace'),
      value: true,
    },
  ];
}
