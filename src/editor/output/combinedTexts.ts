import * as vscode from 'vscode';
import {
  combineByGroup,
  combineByNode,
  type CombinedDocument,
  combineForComparison,
  type Section,
} from '../../runs/combined.ts';
import type { CombinedAddress } from '../../runs/documentAddress.ts';
import { displayName } from '../../runs/displayText.ts';
import type { Run } from '../../runs/run.ts';
import { nodeCount } from '../nodeCount.ts';
import { OUTPUT_SCHEME } from './documentAddress.ts';

const LONGEST_DETAIL = 80;

/** All outputs of a run in one text, with its sections to fold and to find in the outline. */
export class CombinedTexts
  implements vscode.FoldingRangeProvider, vscode.DocumentSymbolProvider, vscode.Disposable
{
  readonly #registrations: vscode.Disposable;
  /** Of the documents that were read last, by URI. */
  readonly #sections = new Map<string, readonly Section[]>();

  constructor() {
    const selector = { scheme: OUTPUT_SCHEME, pattern: '**/by-*/*' };
    this.#registrations = vscode.Disposable.from(
      vscode.languages.registerFoldingRangeProvider(selector, this),
      vscode.languages.registerDocumentSymbolProvider(selector, this),
    );
  }

  async make(uri: vscode.Uri, run: Run, address: CombinedAddress): Promise<Uint8Array> {
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
      const name = nodes.length === 1 ? displayName(first) : nodeCount(nodes.length);
      const line = document.lineAt(start).range;
      return new vscode.DocumentSymbol(
        name,
        title.replace(`${name} · `, '').slice(0, LONGEST_DETAIL),
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
    // Of a run that is over the text stays as it is.
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

  /** Sections of a text that the editor does not show yet, or no longer, are left out. */
  #sectionsOf(document: vscode.TextDocument): Section[] {
    const sections = this.#sections.get(document.uri.toString()) ?? [];
    return sections.filter(
      ({ title, start, end }) =>
        end < document.lineCount && document.lineAt(start).text === `── ${title} ──`,
    );
  }
}
