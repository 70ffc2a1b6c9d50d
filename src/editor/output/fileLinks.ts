import * as vscode from 'vscode';
import {
  baseName,
  type FileReference,
  fileReferences,
  isSentScript,
  longestSuffixMatch,
} from '../../runs/fileReferences.ts';
import { takeTurns } from '../../exec/turns.ts';
import { LocalFiles } from './localFiles.ts';
import type { RunService } from '../runs/runService.ts';
import { documentAddress, OUTPUT_SCHEME, scriptUri } from './documentAddress.ts';

/** The editor asks for the links of a whole document, at each change of it. */
const MOST_LINES = 50_000;
/** With a line, and as many without one. */
const MOST_LINKS = 2000;
/** Different names that are looked up for one document. */
const MOST_NAMES = 200;

/**
 * Makes `path/to/file.ext:12:3` in output, and its like, a link to the file of that name in the
 * workspace, and the file that agents put the script into one to the script. Output is hostile: the
 * path itself is never opened, only compared with what the workspace has.
 */
export function registerFileLinks(runs: RunService): vscode.Disposable {
  const files = new LocalFiles();
  return vscode.languages.registerDocumentLinkProvider(
    { scheme: OUTPUT_SCHEME },
    {
      provideDocumentLinks: async (document, token) => {
        const found = await findReferences(document, token);
        const sent = found.filter(({ reference }) => isSentScript(reference));
        const others = found.filter(({ reference }) => !isSentScript(reference));
        return [...scriptLinks(document, sent, runs), ...(await fileLinks(others, files, token))];
      },
    },
  );
}

interface Found {
  readonly line: number;
  readonly reference: FileReference;
}

function scriptLinks(
  { uri }: vscode.TextDocument,
  found: readonly Found[],
  runs: RunService,
): vscode.DocumentLink[] {
  const address = documentAddress(uri);
  const listed = address && runs.find(address.runId);
  if (listed?.info.job.kind !== 'script') return [];
  const script = scriptUri(listed);
  const tooltip = vscode.l10n.t('Open the script that was run');
  return found.map((one) => link(one, script, tooltip));
}

async function fileLinks(
  found: readonly Found[],
  files: LocalFiles,
  token: vscode.CancellationToken,
): Promise<vscode.DocumentLink[]> {
  const names = new Set(found.map(({ reference }) => baseName(reference.path)));
  const local = await files.find([...names].slice(0, MOST_NAMES), token);
  return found.flatMap((one) => {
    const { path } = one.reference;
    const file = longestSuffixMatch(path, local.get(baseName(path)) ?? [], (uri) => uri.path);
    if (!file) return [];
    const name = vscode.workspace.asRelativePath(file);
    return [link(one, file, vscode.l10n.t('Open {0} of this workspace', name))];
  });
}

function link({ line, reference }: Found, file: vscode.Uri, tooltip: string): vscode.DocumentLink {
  const { start, end, line: target, column = 1 } = reference;
  const place = target === undefined ? file : file.with({ fragment: `L${target},${column}` });
  const made = new vscode.DocumentLink(new vscode.Range(line, start, line, end), place);
  made.tooltip = tooltip;
  return made;
}

/** Those that name a line come first: a list of files must not use up all there is room for. */
async function findReferences(
  document: vscode.TextDocument,
  token: vscode.CancellationToken,
): Promise<Found[]> {
  const turn = takeTurns();
  const placed: Found[] = [];
  const bare: Found[] = [];
  const lines = Math.min(document.lineCount, MOST_LINES);
  for (let line = 0; line < lines && placed.length < MOST_LINKS; line++) {
    const wait = turn();
    if (wait) await wait;
    // While others had their turn, the document may have become shorter.
    if (token.isCancellationRequested || line >= document.lineCount) return [];
    for (const reference of fileReferences(document.lineAt(line).text)) {
      if (reference.line !== undefined) placed.push({ line, reference });
      else if (bare.length < MOST_LINKS) bare.push({ line, reference });
    }
  }
  return [...placed, ...bare];
}
