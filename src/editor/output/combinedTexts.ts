import * as vscode from 'vscode';
import {
  combineByGroup,
  combineByNode,
  type CombinedDocument,
  combineForComparison,
  type Section,
} from '../../runs/documents/combinedOutput.ts';
import type { CombinedAddress } from '../../runs/documents/documentAddress.ts';
import { displayName } from '../../base/displayName.ts';
import type { Run } from '../../runs/run.ts';
import { nodeCountLabel } from '../base/nodeCount.ts';
import { OUTPUT_SCHEME } from './documentUri.ts';

const MAX_DETAIL_LENGTH = 80;

/** All outputs of a run in one text, with sections for folding and for the outline. */
export class CombinedTexts
  implements vscode.FoldingRangeProvider, vscode.DocumentSymbolProvider, vscode.Disposable
{
  readonly #registrations: vscode.Disposable;
  /** Sections of the last text of each document, by URI. */
  readonly #sections = new Map<string, readonly Section[]>();

  constructor() {
    const selector = { scheme: OUTPUT_SCHEME, pattern: '**/by-*/*' };
    this.#registrations = vscode.Disposable.from(
      vscode.languages.registerFoldingRangeProvider(selector, this),
      vscode.languages.registerDocumentSymbolProvider(selector, this),
    );
  }

  async compose(uri: vscode.Uri, run: Run, address: CombinedAddress): Promise<Uint8Array> {
    const { text, sections } = await this.#combine(run, address);
    this.#sections.set(uri.toString(), sections);
    return text;
  }

  forget(uri: vscode.Uri): void {
    this.#sections.delete(uri.toString());
  }

  provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
    return this.#sectionsOf(document).map(({ start, end }) => new vscode.FoldingRange(start, end));
  }

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    return this.#sectionsOf(document).map(({ nodes, title, start, end }) => {
      const [first = ''] = nodes;
      const name = nodes.length === 1 ? displayName(first) : nodeCountLabel(nodes.length);
      const line = document.lineAt(start).range;
      return new vscode.DocumentSymbol(
        name,
        title.replace(`${name} · `, '').slice(0, MAX_DETAIL_LENGTH),
        vscode.SymbolKind.Module,
        new vscode.Range(start, 0, end, document.lineAt(end).range.end.character),
        line,
      );
    });
  }

  dispose(): void {
    this.#registrations.dispose();
  }

  async #combine(run: Run, { form, ignored }: CombinedAddress): Promise<CombinedDocument> {
    // After the end of a run its text must not change.
    const now = run.ledger.finishedAt ?? Date.now();
    switch (form) {
      case 'node':
        return combineByNode(run, now);
      case 'group':
        return combineByGroup(run, now, await run.groupings.ignoring(ignored));
      case 'comparison':
        return combineForComparison(run);
    }
  }

  /** The sections that match the text in the editor, which can be older or newer than the last one. */
  #sectionsOf(document: vscode.TextDocument): Section[] {
    const sections = this.#sections.get(document.uri.toString()) ?? [];
    return sections.filter(
      ({ title, start, end }) =>
        end < document.lineCount && document.lineAt(start).text === `── ${title} ──`,
    );
  }
}
