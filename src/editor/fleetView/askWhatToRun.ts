import * as vscode from 'vscode';
import { jobTitle } from '../../exec/protocol/job.ts';
import { baseName } from '../../runs/text/fileReferences.ts';
import { nodeCountLabel } from '../base/nodeCount.ts';
import { plainLabel } from '../base/plainLabel.ts';
import { BACK, pickOne, type ValueItem } from '../base/quickInput.ts';
import type { NamedJob } from '../source/namedJob.ts';
import { jobFromEditor, jobFromFile } from '../source/scriptSource.ts';
import { askForCommand } from '../typedCommand/askForCommand.ts';
import type { CommandHistory } from '../typedCommand/commandHistory.ts';

type Source = 'editor' | 'command' | 'file';

/**
 * Asks what to run on nodes that are already chosen.
 * @param place where it would run
 * @returns undefined if the user cancels
 * @throws UserError when the script can't run
 */
export async function askWhatToRun(
  count: number,
  history: CommandHistory,
  place: string,
): Promise<NamedJob | undefined> {
  const editor = vscode.window.activeTextEditor;
  const frame = {
    title: vscode.l10n.t('Run on Selected Nodes: {0}', nodeCountLabel(count)),
    canGoBack: false,
  };
  const source = await pickOne<Source>(
    frame,
    vscode.l10n.t('Select what to run. The review of the nodes comes next.'),
    () => [...(editor ? [editorRow(editor)] : []), ...otherRows()],
  );
  if (source === undefined || source === BACK) return undefined;
  if (source === 'editor') return jobFromEditor();
  if (source === 'command') {
    const job = await askForCommand(history, place);
    return job && { job, title: jobTitle(job) };
  }
  const [file] =
    (await vscode.window.showOpenDialog({ title: vscode.l10n.t('Run File on Consul Nodes') })) ??
    [];
  return file && jobFromFile(file);
}

function editorRow({ document, selections }: vscode.TextEditor): ValueItem<Source> {
  const name = plainLabel(baseName(document.uri.path));
  const isPart = selections.some(({ isEmpty }) => !isEmpty);
  return {
    label: isPart ? vscode.l10n.t('Selection in {0}', name) : name,
    description: isPart ? '' : vscode.l10n.t('the file in the editor'),
    iconPath: new vscode.ThemeIcon(isPart ? 'selection' : 'file-code'),
    value: 'editor',
  };
}

function otherRows(): ValueItem<Source>[] {
  return [
    {
      label: vscode.l10n.t('Command…'),
      description: vscode.l10n.t('typed, or from the history'),
      iconPath: new vscode.ThemeIcon('terminal'),
      value: 'command',
    },
    {
      label: vscode.l10n.t('File…'),
      iconPath: new vscode.ThemeIcon('folder-opened'),
      value: 'file',
    },
  ];
}
