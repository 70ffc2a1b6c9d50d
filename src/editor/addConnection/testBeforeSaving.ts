import * as vscode from 'vscode';
import { setPrompt } from '../base/newerApi.ts';
import { plainLabel, withoutLinks } from '../base/plainLabel.ts';
import { type Answer, showUntilAnswered, type StepFrame } from '../base/quickInput.ts';

/** What to do with a new connection: switch to it, only save it, or save it and open settings.json. */
export type SaveChoice = 'use' | 'save' | 'edit';

export interface TestResult {
  readonly isUsable: boolean;
  /** What was found, as sentences. */
  readonly message: string;
}

interface Row extends vscode.QuickPickItem {
  readonly act?: SaveChoice | 'test';
}

/**
 * Tests a new connection while the form is still open, and shows the result there. Enter never saves a
 * connection that doesn't work: the first row then is to test it again.
 * @param test never throws
 */
export async function testBeforeSaving(
  frame: StepFrame,
  address: string,
  test: () => Promise<TestResult>,
): Promise<Answer<SaveChoice>> {
  const pick = vscode.window.createQuickPick<Row>();
  let isOpen = true;
  const run = async () => {
    pick.busy = true;
    pick.placeholder = vscode.l10n.t('Testing the connection…');
    pick.items = [testingRow(address)];
    setPrompt(pick, undefined);
    const result = await test();
    if (!isOpen) return;
    pick.busy = false;
    pick.placeholder = result.isUsable
      ? vscode.l10n.t('The connection works. Select how to save it')
      : vscode.l10n.t("The connection doesn't work yet. Select what to do");
    pick.items = result.isUsable ? usableRows() : unusableRows();
    setPrompt(pick, withoutLinks(plainLabel(result.message)));
  };
  void run();
  const answer = await showUntilAnswered(pick, frame, () => {
    const act = pick.selectedItems[0]?.act;
    if (act === 'test') void run();
    return act === 'test' ? undefined : act;
  });
  isOpen = false;
  return answer;
}

function testingRow(address: string): Row {
  return {
    label: plainLabel(vscode.l10n.t('Testing {0}…', address)),
    iconPath: new vscode.ThemeIcon('loading~spin'),
  };
}

function usableRows(): Row[] {
  return [
    {
      act: 'use',
      iconPath: new vscode.ThemeIcon('check'),
      label: vscode.l10n.t('Save and Use'),
      description: vscode.l10n.t('your runs go there from now on'),
    },
    {
      act: 'save',
      iconPath: new vscode.ThemeIcon('save'),
      label: vscode.l10n.t('Save'),
      description: vscode.l10n.t("the active connection doesn't change"),
    },
  ];
}

function unusableRows(): Row[] {
  return [
    {
      act: 'test',
      iconPath: new vscode.ThemeIcon('refresh'),
      label: vscode.l10n.t('Test Again'),
    },
    {
      act: 'edit',
      iconPath: new vscode.ThemeIcon('edit'),
      label: vscode.l10n.t('Save and Edit in settings.json'),
      description: vscode.l10n.t('to set TLS, a proxy, or a user name'),
    },
    {
      act: 'save',
      iconPath: new vscode.ThemeIcon('save'),
      label: vscode.l10n.t('Save Anyway'),
      description: vscode.l10n.t("the active connection doesn't change"),
    },
  ];
}
