import * as vscode from 'vscode';
import { type Job, jobTitle } from '../../exec/job.ts';
import { documentAddress, OUTPUT_SCHEME } from '../output/documentAddress.ts';
import { REPORT_SCHEME } from '../reports/reports.ts';
import { UserError } from '../userError.ts';
import type { NamedJob } from './namedJob.ts';

/**
 * The selected text of the editor in front, all cursors' selections in order; with none, its whole
 * text.
 * @throws UserError when there is nothing to run
 */
export function jobFromEditor(): NamedJob {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    throw new UserError(
      vscode.l10n.t(
        'No editor is open. Open a script, or run a command with “Run Command on Consul Nodes…”.',
      ),
    );
  }
  requireNoOutput(editor.document.uri);
  const selected = editor.selections
    .filter(({ isEmpty }) => !isEmpty)
    .toSorted((a, b) => a.start.compareTo(b.start))
    .map((selection) => editor.document.getText(selection));
  if (selected.length > 0) {
    const job = script(joinLines(selected), vscode.l10n.t('The selection is empty.'));
    return { job, title: jobTitle(job) };
  }
  const empty = vscode.l10n.t(
    'Nothing is selected and the file is empty, so there is nothing to run.',
  );
  const job = script(editor.document.getText(), empty);
  return { job, title: titleOf(job, editor.document.uri) };
}

/** A selection that ends where the next line begins has its line break already. */
function joinLines(texts: readonly string[]): string {
  const last = texts.length - 1;
  return texts.map((text, i) => (i === last || text.endsWith('\n') ? text : `${text}\n`)).join('');
}

/**
 * The text of a file, as the editor has it if it is open there.
 * @throws UserError when it is empty or no text
 */
export async function jobFromFile(uri: vscode.Uri): Promise<NamedJob> {
  requireNoOutput(uri);
  const name = vscode.workspace.asRelativePath(uri);
  let text: string;
  try {
    text = (await vscode.workspace.openTextDocument(uri)).getText();
  } catch {
    throw new UserError(vscode.l10n.t('{0} cannot be read as text.', name));
  }
  const job = script(text, vscode.l10n.t('{0} is empty, so there is nothing to run.', name));
  return { job, title: titleOf(job, uri) };
}

/** Output, reports and output channels: what nodes wrote must not be run by a slip. */
const NOT_SCRIPTS: ReadonlySet<string> = new Set([OUTPUT_SCHEME, REPORT_SCHEME, 'output']);

function requireNoOutput(uri: vscode.Uri): void {
  if (!NOT_SCRIPTS.has(uri.scheme) || isScriptOfRun(uri)) return;
  throw new UserError(
    vscode.l10n.t('This is what nodes wrote, not a script. Open the script that is to run.'),
  );
}

/** The document of what a run ran. */
function isScriptOfRun(uri: vscode.Uri): boolean {
  return documentAddress(uri)?.kind === 'script';
}

/** The file's name; that of what a run ran is the same for all runs. */
function titleOf(job: Job, uri: vscode.Uri): string {
  return isScriptOfRun(uri) ? jobTitle(job) : (uri.path.split('/').at(-1) ?? uri.path);
}

function script(text: string, whenEmpty: string): Job {
  if (text.trim() === '') throw new UserError(whenEmpty);
  return { kind: 'script', text };
}
