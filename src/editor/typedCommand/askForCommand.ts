import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { type Job, JobError } from '../../exec/protocol/job.ts';
import { splitArguments } from '../../exec/protocol/splitArguments.ts';
import { setPrompt, showToggles, toggleButton } from '../base/newerApi.ts';
import { plainLabel, withoutLinks } from '../base/plainLabel.ts';
import { BACK, separator, showUntilAnswered, type ValueItem } from '../base/quickInput.ts';
import { usesShell } from '../base/settings.ts';
import type { CommandHistory } from './commandHistory.ts';

type Row = ValueItem<string> | vscode.QuickPickItem;

/**
 * Asks for a command, typed or from the history, and whether the agents' shell runs it.
 * @param place where it would run, for the title
 * @returns undefined if the user cancels
 */
export async function askForCommand(
  history: CommandHistory,
  place: string,
): Promise<Job | undefined> {
  const shell = toggleButton(
    'terminal',
    vscode.l10n.t("Run through the agents' shell"),
    usesShell(),
  );
  const toJob = (text: string): Job =>
    shell.toggle.checked
      ? { kind: 'command', text }
      : { kind: 'arguments', args: splitArguments(text) };
  const { edit, remove } = rowButtons();
  const pick = vscode.window.createQuickPick<Row>();
  pick.placeholder = vscode.l10n.t(
    'Command to run, for example "uptime". You select the nodes next.',
  );
  // Not in the API's types yet. Without it, VS Code sorts rows by label.
  Object.assign(pick, { sortByLabel: false });
  const draw = () => {
    pick.items = rowsFor(pick.value, history.all, [edit, remove]);
    showPrompt();
  };
  const chosen = () => textOf(pick.activeItems[0]) ?? pick.value;
  const showPrompt = () => setPrompt(pick, promptFor(chosen(), toJob));
  draw();
  const accept = () => {
    const text = textOf(pick.selectedItems[0]) ?? pick.value;
    if (text.trim() === '') setPrompt(pick, vscode.l10n.t('Enter a command.'));
    else if (isValid(text, toJob)) return text;
    return undefined;
  };
  const frame = {
    title: `${vscode.l10n.t('Run Command on Consul Nodes')} — ${displayName(place)}`,
    step: 0,
    totalSteps: 0,
    canGoBack: false,
  };
  const listeners = [
    pick.onDidChangeValue(draw),
    pick.onDidChangeActive(showPrompt),
    showToggles(pick, [shell], showPrompt),
    pick.onDidTriggerItemButton(async ({ item, button }) => {
      const text = textOf(item) ?? '';
      if (button === remove) await history.remove(text);
      else pick.value = text;
      draw();
    }),
  ];
  const answer = await showUntilAnswered(pick, frame, accept, { listeners });
  if (answer === undefined || answer === BACK) return undefined;
  await history.add(answer);
  return toJob(answer);
}

function rowButtons() {
  return {
    edit: { iconPath: new vscode.ThemeIcon('edit'), tooltip: vscode.l10n.t('Edit Command') },
    remove: {
      iconPath: new vscode.ThemeIcon('close'),
      tooltip: vscode.l10n.t('Remove from History'),
    },
  };
}

/**
 * The typed command, then those of the history, which VS Code filters.
 * @param buttons of the latter
 */
function rowsFor(
  typed: string,
  history: readonly string[],
  buttons: readonly vscode.QuickInputButton[],
): Row[] {
  // VS Code would show all of them for a blank text.
  if (typed !== '' && typed.trim() === '') return [];
  const known = history
    .filter((text) => text !== typed)
    .map((text) => ({
      label: plainLabel(text),
      buttons,
      value: text,
    }));
  return [
    ...(typed === '' ? [] : [{ label: plainLabel(typed), alwaysShow: true, value: typed }]),
    ...(known.length > 0 ? [separator(vscode.l10n.t('Recent commands'))] : []),
    ...known,
  ];
}

function textOf(row: Row | undefined): string | undefined {
  return row && 'value' in row ? row.value : undefined;
}

/** How a command without a shell is split, or why it can't run; empty for the shell. */
function promptFor(text: string, toJob: (text: string) => Job): string {
  if (text.trim() === '') return '';
  try {
    const job = toJob(text);
    if (job.kind !== 'arguments') return '';
    const vector = job.args.map((arg) => JSON.stringify(arg)).join(', ');
    return withoutLinks(vscode.l10n.t('Without a shell: {0}', vector));
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    return withoutLinks(error.message);
  }
}

function isValid(text: string, toJob: (text: string) => Job): boolean {
  try {
    toJob(text);
    return true;
  } catch (error) {
    if (error instanceof JobError) return false;
    throw error;
  }
}
