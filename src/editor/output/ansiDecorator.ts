import * as vscode from 'vscode';
import { AnsiTable } from '../../runs/ansi/ansiTable.ts';
import { reportError } from '../base/reportError.ts';
import { isOver } from '../../runs/model/nodeStatus.ts';
import type { RunList } from '../runs/runList.ts';
import type { RunLoader } from '../runs/runLoader.ts';
import { AnsiDecorations } from './ansiDecorations.ts';
import { parseDocumentUri } from './documentUri.ts';

/** Scrolling and output come in bursts, so drawing waits this long. */
const DEBOUNCE_MS = 40;
/** Lines above and below the screen that are drawn too, so that slow scrolling shows no plain text. */
const MARGIN_LINES = 40;

/** Draws the colors of the output in nodes' documents, only for the lines on the screen. */
export class AnsiDecorator implements vscode.Disposable {
  readonly #runs: RunList;
  readonly #loader: RunLoader;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscriptions: vscode.Disposable[];
  /** Tables of the open documents, by URI, and the encodings with which they were made. */
  readonly #tables = new Map<string, { readonly table: AnsiTable; readonly encoding: string }>();
  /** Decorations of the visible editors. */
  readonly #decorations = new Map<vscode.TextEditor, AnsiDecorations>();
  readonly #stale = new Set<vscode.TextEditor>();
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: RunList, loader: RunLoader, log: vscode.LogOutputChannel) {
    this.#runs = runs;
    this.#loader = loader;
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
        this.#touch(
          vscode.window.visibleTextEditors.filter((editor) => editor.document === document),
        ),
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
      if (parseDocumentUri(editor.document.uri)?.kind === 'node') this.#stale.add(editor);
    }
    if (this.#stale.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const editors = [...this.#stale];
      this.#stale.clear();
      for (const editor of editors) {
        this.#draw(editor).catch((error: unknown) => reportError(error, this.#log));
      }
    }, DEBOUNCE_MS);
  }

  async #draw(editor: vscode.TextEditor): Promise<void> {
    const table = await this.#table(editor.document.uri);
    if (!table) return;
    // The editor can have closed while its output was read.
    if (!vscode.window.visibleTextEditors.includes(editor)) return;
    const decorations = this.#decorations.get(editor) ?? new AnsiDecorations(editor);
    this.#decorations.set(editor, decorations);
    decorations.draw(
      editor.visibleRanges.flatMap(({ start, end }) => [
        ...table.spans(start.line - MARGIN_LINES, end.line + MARGIN_LINES),
      ]),
    );
  }

  #release(visible: readonly vscode.TextEditor[]): void {
    for (const [editor, decorations] of this.#decorations) {
      if (visible.includes(editor)) continue;
      decorations.dispose();
      this.#decorations.delete(editor);
    }
  }

  /** The document's colors, up to the output that has arrived so far. */
  async #table(uri: vscode.Uri): Promise<AnsiTable | undefined> {
    const address = parseDocumentUri(uri);
    if (address?.kind !== 'node') return undefined;
    const { runId, node } = address;
    const listed = await this.#runs.findRestored(runId);
    if (!listed) return undefined;
    const run = await this.#loader.load(listed);
    const key = uri.toString();
    const encoding = run.output.encodings.of(node);
    const known = this.#tables.get(key);
    const table = known?.encoding === encoding ? known.table : new AnsiTable(run.output, node);
    this.#tables.set(key, { table, encoding });
    const result = run.ledger.get(node);
    await table.follow(run.ledger.end !== undefined || (result !== undefined && isOver(result)));
    return table;
  }
}
