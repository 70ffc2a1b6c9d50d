import { basename } from 'node:path';
import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { sizeOf } from '../../base/files.ts';
import { type Job, scriptBytes } from '../../exec/protocol/job.ts';
import { scriptJob } from '../../exec/script/script.ts';
import type { RunInfo } from '../../runs/run.ts';
import { timeLabel } from '../../runs/text/time.ts';
import { showInfo } from '../base/notify.ts';
import { BACK, pickOne, type ValueItem } from '../base/quickInput.ts';
import { UserError } from '../base/userError.ts';
import { compareScriptWithFile } from '../compare/compareScript.ts';
import type { NamedJob } from '../source/namedJob.ts';
import { jobFromFile } from '../source/scriptSource.ts';

type Choice = 'same' | 'new' | 'differences';

/**
 * The job to run again. If the file that a script came from has changed since, the user chooses the text
 * that ran or the text that the file has now.
 * @returns undefined if the user cancels
 */
export async function textToRunAgain(info: RunInfo): Promise<NamedJob | undefined> {
  const changed = await changedFile(info);
  if (!changed) return info;
  let choice = await askForText(info, changed);
  if (choice === 'differences') {
    await compareScriptWithFile(info);
    choice = await askBesideDifferences();
  }
  if (choice === 'same') return info;
  // Read again: it can have been edited beside the differences.
  return choice === 'new' ? ((await changedFile(info)) ?? info) : undefined;
}

/** @returns the file's text as a job; undefined if nothing has changed, or the file can't run any more */
async function changedFile(info: RunInfo): Promise<NamedJob | undefined> {
  const { file, job, title, guard, parameters } = info;
  if (file === undefined || job.kind !== 'script') return undefined;
  const now = await readJob(file);
  if (!now?.script) return undefined;
  // The user can have left out the added #! line in the review.
  const script = { ...now.script, values: parameters };
  const isSame = [scriptJob(script), scriptJob(script, false)].some((same) => isEqual(same, job));
  return isSame ? undefined : { ...now, title, guard, parameters };
}

async function readJob(file: string): Promise<NamedJob | undefined> {
  // VS Code still has the text of a deleted file that is open.
  if ((await sizeOf(file)) === undefined) return undefined;
  try {
    return await jobFromFile(vscode.Uri.file(file));
  } catch (error) {
    // It is empty or not a script now: only the text that ran is left.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Whether nodes receive the same bytes. */
function isEqual(one: Job, other: Job): boolean {
  if (one.kind !== 'script' || other.kind !== 'script') return false;
  return scriptBytes(one).equals(scriptBytes(other));
}

async function askForText(
  { createdAt }: RunInfo,
  { file = '' }: NamedJob,
): Promise<Choice | undefined> {
  const name = displayName(basename(file));
  const rows: ValueItem<Choice>[] = [
    {
      label: sameLabel(),
      description: vscode.l10n.t('as it ran at {0}', timeLabel(createdAt)),
      iconPath: new vscode.ThemeIcon('history'),
      value: 'same',
    },
    {
      label: newLabel(),
      description: vscode.l10n.t('{0} as it is now', name),
      iconPath: new vscode.ThemeIcon('file'),
      value: 'new',
    },
    {
      label: vscode.l10n.t('Show Differences'),
      iconPath: new vscode.ThemeIcon('diff'),
      value: 'differences',
    },
  ];
  const frame = {
    title: vscode.l10n.t('{0} Has Changed Since This Run', name),
    canGoBack: false,
  };
  const placeholder = vscode.l10n.t('Select the text to run. You review the nodes next.');
  const answer = await pickOne(frame, placeholder, () => rows);
  return answer === BACK ? undefined : answer;
}

/** A notification, because a quick pick would be over the first lines. */
async function askBesideDifferences(): Promise<Choice | undefined> {
  const question = vscode.l10n.t('Which text do you want to run?');
  switch (await showInfo(question, newLabel(), sameLabel())) {
    case newLabel():
      return 'new';
    case sameLabel():
      return 'same';
    default:
      return undefined;
  }
}

function sameLabel(): string {
  return vscode.l10n.t('Run the Same Text');
}

function newLabel(): string {
  return vscode.l10n.t('Run the New Text');
}
