import * as vscode from 'vscode';
import {
  baseName,
  type FileReference,
  fileReferences,
  isUploadedScript,
  longestSuffixMatch,
} from '../../runs/text/fileReferences.ts';
import { createYielder } from '../../base/yielder.ts';
import { LocalFiles } from './localFiles.ts';
import type { RunList } from '../runs/runList.ts';
import { parseDocumentUri, OUTPUT_SCHEME, scriptUri } from '../output/documentUri.ts';

/** The editor requests the links of the whole document after each change. */
const MAX_LINES = 50_000;
/** Limits the references with a line number, and separately those without. */
const MAX_LINKS = 2000;
/** File names that are looked up for one document. */
const MAX_NAMES = 200;

/**
 * Links references like `path/to/file.ext:12:3` in output to the file with that name in the workspace,
 * and references to the agents' copy of the script to the script. Output can be hostile: a path is never
 * opened, only compared with the files of the workspace.
 */
export function registerFileLinks(runs: RunList): vscode.Disposable {
  const files = new LocalFiles();
  return vscode.languages.registerDocumentLinkProvider(
    { scheme: OUTPUT_SCHEME },
    {
      provideDocumentLinks: async (document, token) => {
        const found = await findReferences(document, token);
        const toScript = found.filter(({ reference }) => isUploadedScript(reference));
        const toFiles = found.filter(({ reference }) => !isUploadedScript(reference));
        return [
          ...scriptLinks(document, toScript, runs),
          ...(await fileLinks(toFiles, files, token)),
        ];
      },
    },
  );
}

interface FoundReference {
  readonly line: number;
  readonly reference: FileReference;
}

function scriptLinks(
  { uri }: vscode.TextDocument,
  found: readonly FoundReference[],
  runs: RunList,
): vscode.DocumentLink[] {
  const address = parseDocumentUri(uri);
  const listed = address && runs.find(address.runId);
  if (listed?.info.job.kind !== 'script') return [];
  const script = scriptUri(listed);
  const tooltip = vscode.l10n.t('Open the script that was run');
  return found.map((reference) => createLink(reference, script, tooltip));
}

async function fileLinks(
  found: readonly FoundReference[],
  files: LocalFiles,
  token: vscode.CancellationToken,
): Promise<vscode.DocumentLink[]> {
  const names = new Set(found.map(({ reference }) => baseName(reference.path)));
  const local = await files.find([...names].slice(0, MAX_NAMES), token);
  return found.flatMap((placed) => {
    const { path } = placed.reference;
    const file = longestSuffixMatch(path, local.get(baseName(path)) ?? [], (uri) => uri.path);
    if (!file) return [];
    const name = vscode.workspace.asRelativePath(file);
    return [createLink(placed, file, vscode.l10n.t('Open {0} in this workspace', name))];
  });
}

function createLink(
  { line, reference }: FoundReference,
  file: vscode.Uri,
  tooltip: string,
): vscode.DocumentLink {
  const { start, end, line: target, column = 1 } = reference;
  const uri = target === undefined ? file : file.with({ fragment: `L${target},${column}` });
  const link = new vscode.DocumentLink(new vscode.Range(line, start, line, end), uri);
  link.tooltip = tooltip;
  return link;
}

/** Returns references with a line number first, so that a list of files doesn't use up the limit. */
async function findReferences(
  document: vscode.TextDocument,
  token: vscode.CancellationToken,
): Promise<FoundReference[]> {
  const maybeYield = createYielder();
  const withLine: FoundReference[] = [];
  const withoutLine: FoundReference[] = [];
  const lines = Math.min(document.lineCount, MAX_LINES);
  for (let line = 0; line < lines && withLine.length < MAX_LINKS; line++) {
    const wait = maybeYield();
    if (wait) await wait;
    // The document can have become shorter while other code ran.
    if (token.isCancellationRequested || line >= document.lineCount) return [];
    for (const reference of fileReferences(document.lineAt(line).text)) {
      if (reference.line !== undefined) withLine.push({ line, reference });
      else if (withoutLine.length < MAX_LINKS) withoutLine.push({ line, reference });
    }
  }
  return [...withLine, ...withoutLine];
}
