import * as vscode from 'vscode';
import { jobText } from '../../exec/job.ts';
import type { DocumentAddress } from '../../runs/documentAddress.ts';
import { TEXT_LIMITS, outputText } from '../../runs/outputText.ts';
import type { Run } from '../../runs/run.ts';
import type { RunChange, RunService } from '../runs/runService.ts';
import type { CombinedTexts } from './combinedTexts.ts';
import { documentAddress, nodeUri, OUTPUT_SCHEME } from './documentAddress.ts';
import { readOnlyFiles } from './readOnlyFiles.ts';

/** How often an open document follows a run that goes on, at the most. */
const FOLLOW_MS = 300;
/** A document is read anew only after this many times the time that reading it took. */
const PACE = 10;

interface OpenDocument {
  readonly uri: vscode.Uri;
  readonly address: DocumentAddress;
  /** Milliseconds since the epoch before which it is not to be read again. */
  notBefore: number;
  /** It shows all it can, so that more output changes nothing until the end. */
  isFull: boolean;
}

/**
 * What was run and what came back from nodes as read-only files: real documents, so that they can be
 * searched, compared, saved and kept open, and are opened again after a reload.
 */
export class OutputDocuments implements vscode.Disposable {
  readonly #runs: RunService;
  readonly #combined: CombinedTexts;
  readonly #subscriptions: vscode.Disposable[];
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  /** By URI. */
  readonly #open = new Map<string, OpenDocument>();
  readonly #touched = new Set<OpenDocument>();
  /** When runs were renamed, by id: milliseconds since the epoch. */
  readonly #renames = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: RunService, combined: CombinedTexts) {
    this.#runs = runs;
    this.#combined = combined;
    const files = readOnlyFiles(this.#changed.event, {
      stat: (uri) => this.#stat(uri),
      read: (uri) => this.#read(uri),
    });
    this.#subscriptions = [
      vscode.workspace.registerFileSystemProvider(OUTPUT_SCHEME, files, { isReadonly: true }),
      vscode.workspace.onDidOpenTextDocument(({ uri }) => this.#opened(uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#closed(uri)),
      runs.onDidChange((change) => this.#follow(change)),
      runs.onDidRename(({ id }) => this.#renamed(id)),
    ];
  }

  uri(run: Run, node: string): vscode.Uri {
    return nodeUri(run, node);
  }

  async open(uri: vscode.Uri): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { run, address } = await this.#find(uri);
    const { createdAt } = run.info;
    if (address.kind === 'script') {
      const size = Buffer.byteLength(jobText(run.info.job));
      const mtime = createdAt;
      const permissions = vscode.FilePermission.Readonly;
      return { type: vscode.FileType.File, ctime: createdAt, mtime, size, permissions };
    }
    const isNode = address.kind === 'node';
    const bytes = isNode ? run.output.size(address.node) : run.output.bytes;
    const lastSign = isNode ? run.ledger.get(address.node)?.lastSign : lastSignOf(run);
    const renamed = isNode ? undefined : this.#renames.get(address.runId);
    return {
      type: vscode.FileType.File,
      ctime: createdAt,
      // The end counts as well: only then is it known that nothing more comes.
      mtime: Math.max(createdAt, lastSign ?? 0, run.ledger.finishedAt ?? 0, renamed ?? 0),
      size: Math.min(bytes, TEXT_LIMITS.bytes),
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async #read(uri: vscode.Uri): Promise<Uint8Array> {
    const { run, address } = await this.#find(uri);
    if (address.kind === 'script') return Buffer.from(jobText(run.info.job));
    const start = performance.now();
    let isFull = false;
    let text: Uint8Array;
    if (address.kind === 'node') {
      const node = await outputText(run.output, address.node);
      text = node.text;
      isFull = node.leftOut > 0;
    } else {
      text = await this.#combined.make(uri, run, address);
    }
    const open = this.#open.get(uri.toString());
    if (open) {
      open.notBefore = Date.now() + PACE * (performance.now() - start);
      open.isFull = isFull;
    }
    return text;
  }

  async #find(uri: vscode.Uri): Promise<{ run: Run; address: DocumentAddress }> {
    const address = documentAddress(uri);
    const listed = address && (await this.#runs.findRestored(address.runId));
    if (!listed) throw vscode.FileSystemError.FileNotFound(uri);
    return { run: await this.#runs.load(listed), address };
  }

  #opened(uri: vscode.Uri): void {
    const address = documentAddress(uri);
    if (address) this.#open.set(uri.toString(), { uri, address, notBefore: 0, isFull: false });
  }

  #closed(uri: vscode.Uri): void {
    const open = this.#open.get(uri.toString());
    if (!open) return;
    this.#open.delete(uri.toString());
    this.#touched.delete(open);
    this.#combined.forget(uri);
  }

  /** Comes for each piece of output, while only few documents are open. */
  #follow({ run, event }: RunChange): void {
    for (const open of this.#open.values()) {
      const { address } = open;
      if (address.runId !== run.info.id || address.kind === 'script') continue;
      if (address.kind === 'node') {
        if (event.kind === 'output' && (event.node !== address.node || open.isFull)) continue;
        if (event.kind === 'exited' && event.node !== address.node) continue;
      }
      if (!changesText(event.kind)) continue;
      this.#touch(open);
    }
  }

  /** A document of several outputs begins with the run's title. */
  #renamed(id: string): void {
    this.#renames.set(id, Date.now());
    for (const open of this.#open.values()) {
      if (open.address.runId === id && open.address.kind === 'combined') this.#touch(open);
    }
  }

  #touch(open: OpenDocument): void {
    this.#touched.add(open);
    this.#timer ??= setTimeout(() => this.#tell(), FOLLOW_MS);
  }

  #tell(): void {
    const now = Date.now();
    const due = [...this.#touched].filter(({ notBefore }) => notBefore <= now);
    for (const open of due) this.#touched.delete(open);
    this.#timer = undefined;
    if (this.#touched.size > 0) this.#timer = setTimeout(() => this.#tell(), FOLLOW_MS);
    if (due.length === 0) return;
    this.#changed.fire(due.map(({ uri }) => ({ type: vscode.FileChangeType.Changed, uri })));
  }
}

function changesText(kind: RunChange['event']['kind']): boolean {
  return kind === 'output' || kind === 'exited' || kind === 'lost' || kind === 'finished';
}

function lastSignOf({ ledger }: Run): number | undefined {
  let last: number | undefined;
  for (const { lastSign } of ledger.nodes) {
    if (lastSign !== undefined && lastSign > (last ?? 0)) last = lastSign;
  }
  return last;
}
