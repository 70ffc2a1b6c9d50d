import * as vscode from 'vscode';
import {
  baseName,
  type FileReference,
  fileReferences,
  longestSuffixMatch,
} from '../../runs/fileReferences.ts';
import { takeTurns } from '../../exec/turns.ts';
import { LocalFiles } from './localFiles.ts';
import { OUTPUT_SCHEME } from './documentAddress.ts';

/** The editor asks for the links of a whole document, at each change of it. */
const MOST_LINES = 50_000;
/** With a line, and as many without one. */
const MOST_LINKS = 2000;
/** Different names that are looked up for one document. */
const MOST_NAMES = 200;

/**
 * Makes `path/to/file.ext:12:3` in output, and its like, a link to the file of that name in the
 * workspace. Output is hostile: the path itself is never opened, only compared with what the
 * workspace has.
 */
export function registerFileLinks(): vscode.Disposable {
  const files = new LocalFiles();
  return vscode.languages.registerDocumentLinkProvider(
    { scheme: OUTPUT_SCHEME },
    { provideDocumentLinks: (document, token) => links(document, files, token) },
  );
}

interface Found {
  readonly line: number;
  readonly reference: FileReference;
}

async function links(
  document: vscode.TextDocument,
  files: LocalFiles,
  token: vscode.CancellationToken,
): Promise<vscode.DocumentLink[]> {
  const found = await findReferences(document, token);
  const names = new Set(found.map(({ reference }) => baseName(reference.path)));
  const local = await files.find([...names].slice(0, MOST_NAMES), token);
  return found.flatMap(({ line, reference }) => {
    const candidates = local.get(baseName(reference.path)) ?? [];
    const file = longestSuffixMatch(reference.path, candidates, ({ path }) => path);
    if (!file) return [];
    const range = new vscode.Range(line, reference.start, line, reference.end);
    const link = new vscode.DocumentLink(range, placeIn(file, reference));
    link.tooltip = vscode.l10n.t(
      'Open {0} of this workspace',
      vscode.workspace.asRelativePath(file),
    );
    return [link];
  });
}

function placeIn(file: vscode.Uri, { line, column = 1 }: FileReference): vscode.Uri {
  return line === undefined ? file : file.with({ fragment: `L${line},${column}` });
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
