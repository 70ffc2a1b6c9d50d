import type * as vscode from 'vscode';
import { jobText } from '../../exec/protocol/job.ts';
import { textWithValues } from '../../exec/script/scriptParameters.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import type { DocumentBlock } from '../source/documentBlocks.ts';

/**
 * The latest run of a block: of the same file, with the text that the block has now.
 * @param runs newest first
 */
export function latestRunOf(
  document: vscode.TextDocument,
  block: DocumentBlock,
  runs: readonly ListedRun[],
): ListedRun | undefined {
  const path = document.uri.fsPath;
  if (block.kind === 'file') return runs.find(({ info }) => info.file === path);
  const text = textOf(document, block);
  return runs.find(({ info: { place, job, parameters = [] } }) => {
    if (place?.file !== path) return false;
    return jobText(job)
      .trimEnd()
      .endsWith(textWithValues(text, job, parameters).trimEnd());
  });
}

/** All runs of a file and of its parts, oldest first. */
export function runsOfFile(path: string, runs: readonly ListedRun[]): ListedRun[] {
  return runs
    .filter(({ info }) => info.file === path || info.place?.file === path)
    .toSorted((a, b) => a.info.createdAt - b.info.createdAt);
}

function textOf(document: vscode.TextDocument, { fence, line, endLine }: DocumentBlock): string {
  if (fence) return fence.text.trimEnd();
  const lines: string[] = [];
  for (let i = line; i < endLine; i++) lines.push(document.lineAt(i).text);
  return lines.join('\n').trimEnd();
}
