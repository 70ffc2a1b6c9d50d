import * as vscode from 'vscode';
import { AnsiTable } from '../../runs/ansiTable.ts';
import { reportError } from '../reportError.ts';
import type { RunService } from '../runs/runService.ts';
import { AnsiDecorations } from './ansiDecorations.ts';
import { documentAddress } from './documentAddress.ts';

/** Scrolling and output come in bursts. */
const REST_MS = 40;
/** Lines above and below what is on the screen, so that slow scrolling shows no plain text. */
const MARGIN = 40;

/** Colours in nodes' documents as the output asked for them; only what is on the screen is drawn. */
export class AnsiColours implements vscode.Disposable {
  readonly #runs: RunService;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscriptions: vscode.Disposable[];
  /** By URI, of the documents that are open. */
  readonly #tables = new Map<string, AnsiTable>();
  /** Of the editors that are on the screen. */
  readonly #decorations = new Map<vscode.TextEditor, AnsiDecorations>();
  readonly #stale = new Set<vscode.TextEditor>();
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: RunService, log: vscode.LogOutputChannel) {
    this.#runs = runs;
    this.#log = log;
    this.#subscriptions = [
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        this.#release(editors);
        this.#touch(editors);
      }),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) =>
        this.#touch([textEditor]),
      ),
      vscode.workspace.onDidChangeTextDocument(({ document }) =>
        this.#touch(vscode.window.visibleTextEditors.filter((one) => one.document === document)),
      ),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#tables.delete(uri.toString())),
    ];
    this.#touch(vscode.window.visibleTextEditors);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#release([]);
  }

  #touch(editors: readonly vscode.TextEditor[]): void {
    for (const editor of editors) {
      if (documentAddress(editor.document.uri)?.kind === 'node') this.#stale.add(editor);
    }
    if (this.#stale.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const editors = [...this.#stale];
      this.#stale.clear();
      for (const editor of editors) {
        this.#draw(editor).catch((error: unknown) => reportError(error, this.#log));
      }
    }, REST_MS);
  }

  async #draw(editor: vscode.TextEditor): Promise<void> {
    const table = await this.#table(editor.document.uri);
    if (!table) return;
    // While its output was read, the editor may have gone.
    if (!vscode.window.visibleTextEditors.includes(editor)) return;
    const decorations = this.#decorations.get(editor) ?? new AnsiDecorations(editor);
    this.#decorations.set(editor, decorations);
    decorations.draw(
      editor.visibleRanges.flatMap(({ start, end }) => [
        ...table.spans(start.line - MARGIN, end.line + MARGIN),
      ]),
    );
  }

  #release(still: readonly vscode.TextEditor[]): void {
    for (const [editor, decorations] of this.#decorations) {
      if (still.includes(editor)) continue;
      decorations.dispose();
      this.#decorations.delete(editor);
    }
  }

  /** What is known of the document's colours, up to now. */
  async #table(uri: vscode.Uri): Promise<AnsiTable | undefined> {
    const address = documentAddress(uri);
    if (address?.kind !== 'node') return undefined;
    const { runId, node } = address;
    const listed = await this.#runs.findRestored(runId);
    if (!listed) return undefined;
    const run = await this.#runs.load(listed);
    const key = uri.toString();
    const table = this.#tables.get(key) ?? new AnsiTable(run.output, node);
    this.#tables.set(key, table);
    await table.follow(run.ledger.end !== undefined || run.ledger.get(node)?.state === 'exited');
    return table;
  }
}
