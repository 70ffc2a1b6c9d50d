import * as v from 'valibot';
import * as vscode from 'vscode';
import { blockLanguageOf, editorLanguageOf } from '../../exec/runbook/blockLanguage.ts';
import type { EditedCell, OriginalCell } from '../../exec/runbook/joinCells.ts';

const CELL = v.object({
  kind: v.picklist(['code', 'prose']),
  language: v.string(),
  text: v.string(),
  head: v.string(),
  body: v.string(),
  tail: v.string(),
  index: v.number(),
});
const RUNBOOK = v.object({ start: v.string(), encoding: v.picklist(['utf8', 'latin1']) });
const NEW_RUNBOOK = { start: '', encoding: 'utf8' } as const;

/** Other extensions can write metadata too, so it is checked. */
type Metadata = Readonly<Record<string, unknown>> | undefined;

/** The metadata of a cell that was read from a file. */
export function withOrigin(origin: OriginalCell): Record<string, unknown> {
  return { runbookCell: origin };
}

/** @returns undefined for a new cell */
function originOf(metadata: Metadata): OriginalCell | undefined {
  const { success, output } = v.safeParse(CELL, metadata?.['runbookCell']);
  return success ? output : undefined;
}

export type RunbookFile = v.InferOutput<typeof RUNBOOK>;

/** The metadata of a runbook that was read from a file. */
export function withFile(file: RunbookFile): Record<string, unknown> {
  return { runbook: file };
}

export function fileOf(metadata: Metadata): RunbookFile {
  const { success, output } = v.safeParse(RUNBOOK, metadata?.['runbook']);
  return success ? output : NEW_RUNBOOK;
}

type CellParts = Pick<vscode.NotebookCellData, 'kind' | 'value' | 'languageId' | 'metadata'>;

export function editedCell({ kind, value, languageId, metadata }: CellParts): EditedCell {
  const origin = originOf(metadata);
  if (kind === vscode.NotebookCellKind.Markup) {
    return { kind: 'prose', language: '', text: value, origin };
  }
  return { kind: 'code', language: languageOfCell(languageId, metadata), text: value, origin };
}

/** The language of a cell's block: as in the file, unless the user has changed the language of the cell. */
function languageOfCell(editorLanguage: string, metadata: Metadata): string {
  const language = originOf(metadata)?.language;
  const isUnchanged = language !== undefined && editorLanguageOf(language) === editorLanguage;
  return isUnchanged ? language : blockLanguageOf(editorLanguage);
}
