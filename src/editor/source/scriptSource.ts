import * as vscode from 'vscode';
import { jobTitle } from '../../exec/protocol/job.ts';
import { dedent } from '../../exec/script/dedent.ts';
import type { Directive } from '../../exec/directive/directive.ts';
import { interpreterOfBlock, isRunnable } from '../../exec/runbook/blockLanguage.ts';
import {
  type Interpreter,
  interpreterOf,
  type ScriptOrigin,
} from '../../exec/script/interpreter.ts';
import {
  type Script,
  scriptJob,
  type ScriptPart,
  type ScriptPlace,
} from '../../exec/script/script.ts';
import { baseName } from '../../runs/text/fileReferences.ts';
import { parseDocumentUri, OUTPUT_SCHEME } from '../output/documentUri.ts';
import { REVIEW_SCHEME } from '../pick/reviewView/reviewScript.ts';
import { REPORT_SCHEME } from '../reports/reports.ts';
import { NothingToDo, UserError } from '../base/userError.ts';
import { directiveOf, type DocumentBlock } from './documentBlocks.ts';
import { type DocumentText, partOfText, wholeText } from './documentScript.ts';
import type { NamedJob } from './namedJob.ts';

/**
 * The selected text of the active editor: all selections, in their order in the text. The whole text
 * if nothing is selected.
 * @throws UserError when there is nothing to run
 */
export async function jobFromEditor(): Promise<NamedJob> {
  const { document, selections } = activeEditor();
  const selected = selections
    .filter(({ isEmpty }) => !isEmpty)
    .toSorted((a, b) => a.start.compareTo(b.start));
  if (selected.length === 0) {
    const emptyMessage = vscode.l10n.t(
      'Nothing is selected and the file is empty, so there is nothing to run.',
    );
    return wholeJob(document, emptyMessage);
  }
  return partialJob(document, selected, 'selection', vscode.l10n.t('The selection is empty.'));
}

/**
 * The lines of the active editor that have a cursor.
 * @throws UserError when they are blank
 */
export async function jobFromLine(): Promise<NamedJob> {
  const { document, selections } = activeEditor();
  const lines = new Set(selections.map(({ active }) => active.line).toSorted((a, b) => a - b));
  const ranges = [...lines].map((line) => document.lineAt(line).range);
  return partialJob(document, ranges, 'line', vscode.l10n.t('The current line is empty.'));
}

/**
 * A fenced block or a cell.
 * @throws UserError when it is empty, or in a language that agents can't run
 */
export async function jobFromBlock(
  document: vscode.TextDocument,
  { kind, line, endLine, directive, fence }: DocumentBlock,
): Promise<NamedJob> {
  const emptyMessage = vscode.l10n.t('The block is empty.');
  const place = { name: baseName(document.uri.path), line: line + 1 };
  if (kind === 'fence' && fence) {
    const { language } = fence;
    if (language !== '' && !isRunnable(language)) {
      throw new UserError(unsupportedMessage(language, 'block'));
    }
    const text = fence.text.replace(/\n$/, '');
    const interpreter = interpreterOfBlock(language, text);
    const source: PartSource = { part: 'block', place, interpreter };
    const script = await toScript(document, source, emptyMessage, () => partOfText(document, text));
    return placedJob(document, script, place, directive);
  }
  const from = new vscode.Position(line, 0);
  const text = document.getText(new vscode.Range(from, new vscode.Position(endLine, 0)));
  const source: PartSource = { part: 'cell', place };
  const script = await toScript(document, source, emptyMessage, () => partOfText(document, text));
  return placedJob(document, script, place, directive);
}

/** The lines around one, up to blank lines. @throws UserError when the line is blank */
export async function jobFromParagraph(
  document: vscode.TextDocument,
  line: number,
): Promise<NamedJob> {
  const range = paragraphAt(document, line);
  const place = { name: baseName(document.uri.path), line: range.start.line + 1 };
  const text = dedent(document.getText(range));
  const source: PartSource = { part: 'paragraph', place };
  const emptyMessage = vscode.l10n.t('The current line is empty.');
  const script = await toScript(document, source, emptyMessage, () => partOfText(document, text));
  return placedJob(document, script, place, directiveOf(document));
}

export function paragraphAt(document: vscode.TextDocument, line: number): vscode.Range {
  const isBlank = (i: number) => document.lineAt(i).isEmptyOrWhitespace;
  let from = line;
  let to = line;
  if (!isBlank(line)) {
    while (from > 0 && !isBlank(from - 1)) from--;
    while (to < document.lineCount - 1 && !isBlank(to + 1)) to++;
  }
  return new vscode.Range(from, 0, to, document.lineAt(to).text.length);
}

/** The title also says where the text was taken from. */
function placedJob(
  { uri }: vscode.TextDocument,
  script: Script,
  { name, line }: ScriptPlace,
  directive: Directive,
): NamedJob {
  const job = scriptJob(script);
  const title = `${jobTitle(job)} (${name}:${line})`;
  const place = uri.scheme === 'file' ? { file: uri.fsPath, line } : undefined;
  return { job, title, script, directive, place };
}

export function activeEditor(): vscode.TextEditor {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    throw new NothingToDo(
      vscode.l10n.t('No editor is open. Open a script, or use "Run Command on Consul Nodes…".'),
    );
  }
  requireNotOutput(editor.document.uri);
  return editor;
}

/** Adds line breaks between the texts, except after a text that already ends with one. */
function joinLines(texts: readonly string[]): string {
  const last = texts.length - 1;
  return texts.map((text, i) => (i === last || text.endsWith('\n') ? text : `${text}\n`)).join('');
}

/** Adds the indentation of the first line, which often isn't selected. The next lines have theirs. */
function withIndentation(document: vscode.TextDocument, range: vscode.Range): vscode.Range {
  const { firstNonWhitespaceCharacterIndex } = document.lineAt(range.start.line);
  if (range.start.character > firstNonWhitespaceCharacterIndex) return range;
  return range.with(range.start.with({ character: 0 }));
}

async function partialJob(
  document: vscode.TextDocument,
  ranges: readonly vscode.Range[],
  part: ScriptPart,
  emptyMessage: string,
): Promise<NamedJob> {
  const texts = ranges.map((range) => document.getText(withIndentation(document, range)));
  const text = dedent(joinLines(texts));
  const script = await toScript(document, { part }, emptyMessage, () => partOfText(document, text));
  const job = scriptJob(script);
  return { job, title: jobTitle(job), script, directive: directiveOf(document) };
}

async function wholeJob(document: vscode.TextDocument, emptyMessage: string): Promise<NamedJob> {
  const source: PartSource = { part: 'file' };
  const script = await toScript(document, source, emptyMessage, () => wholeText(document));
  const directive = directiveOf(document);
  const named = { job: scriptJob(script), title: titleOf(script, document.uri), script, directive };
  const { uri } = document;
  return uri.scheme === 'file' ? { ...named, file: uri.fsPath } : named;
}

/**
 * The text of a file, including unsaved changes if it is open in an editor.
 * @throws UserError when it is empty or not text
 */
export async function jobFromFile(uri: vscode.Uri): Promise<NamedJob> {
  requireNotOutput(uri);
  const name = vscode.workspace.asRelativePath(uri);
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(uri);
  } catch {
    throw new UserError(vscode.l10n.t("Can't read {0} as text.", name));
  }
  return wholeJob(document, vscode.l10n.t('{0} is empty, so there is nothing to run.', name));
}

/** Which part of a document runs, and what runs it if the document doesn't say. */
interface PartSource {
  readonly part: ScriptPart;
  readonly place?: ScriptPlace;
  readonly interpreter?: Interpreter;
}

async function toScript(
  document: vscode.TextDocument,
  { part, place, interpreter: known }: PartSource,
  emptyMessage: string,
  read: () => Promise<DocumentText>,
): Promise<Script> {
  const { text, bytes } = await read();
  if (text.trim() === '') throw new UserError(emptyMessage);
  const interpreter = known ?? interpreterOf(originOf(document, text, part));
  if (interpreter.kind === 'unsupported') {
    throw new UserError(unsupportedMessage(interpreter.language, part));
  }
  return {
    text,
    bytes,
    interpreter,
    part,
    place,
    hadCrlf: text.includes('\r\n'),
    ...sourceOf(document, part),
  };
}

/** What decides about the parameters of a script. */
function sourceOf(
  document: vscode.TextDocument,
  part: ScriptPart,
): Pick<Script, 'fileText' | 'source' | 'isFilled'> {
  const { isUntitled, uri } = document;
  if (isScriptOfRun(uri) || uri.scheme === REVIEW_SCHEME) return { isFilled: true };
  const source = isUntitled ? undefined : uri.toString();
  if (part === 'file') return { source };
  const fileText = document.getText();
  const file = interpreterOfDocument(document);
  return file.kind === 'unsupported' ? { source } : { source, fileText };
}

/** What runs a document as a whole. */
export function interpreterOfDocument(document: vscode.TextDocument): Interpreter {
  return interpreterOf(originOf(document, document.getText(), 'file'));
}

function originOf(document: vscode.TextDocument, text: string, part: ScriptPart): ScriptOrigin {
  return {
    text,
    fileFirstLine: document.lineAt(0).text,
    language: document.languageId,
    // A new document has no file name, but a title that can have dots in it.
    fileName: document.isUntitled ? undefined : document.uri.path,
    isSelection: part !== 'file',
  };
}

function unsupportedMessage(language: string, part: ScriptPart): string {
  switch (language) {
    case 'bat':
      return vscode.l10n.t(
        "Agents on Linux can't run Windows batch files. Rewrite the script for a shell.",
      );
    case 'powershell':
      return vscode.l10n.t(
        'Agents on Linux can\'t run PowerShell scripts. If the nodes have PowerShell, add the line "#!/usr/bin/env pwsh" at the beginning of the file.',
      );
    default:
      if (part !== 'file') {
        return vscode.l10n.t(
          'Agents can\'t run the language "{0}". To run a shell command from this file, use "Run Command on Consul Nodes…".',
          language,
        );
      }
      return vscode.l10n.t(
        'Agents can\'t run a file in the language "{0}". Select the script text in it, or add a #! line at the beginning of the file.',
        language,
      );
  }
}

/** Output, reports and output channels: output of nodes must not run by accident. */
const NOT_SCRIPTS: ReadonlySet<string> = new Set([OUTPUT_SCHEME, REPORT_SCHEME, 'output']);

function requireNotOutput(uri: vscode.Uri): void {
  if (!NOT_SCRIPTS.has(uri.scheme) || isScriptOfRun(uri)) return;
  throw new UserError(
    vscode.l10n.t('This is output from nodes, not a script. Open the script to run.'),
  );
}

/** Whether the document shows the script of a run. */
function isScriptOfRun(uri: vscode.Uri): boolean {
  return parseDocumentUri(uri)?.kind === 'script';
}

/** The name of the file, except for the script of a run: that name is the same for all runs. */
function titleOf(script: Script, uri: vscode.Uri): string {
  return isScriptOfRun(uri) ? jobTitle(scriptJob(script)) : baseName(uri.path);
}
