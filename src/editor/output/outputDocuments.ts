import * as vscode from 'vscode';
import { type Job, jobText, scriptBytes } from '../../exec/protocol/job.ts';
import type { DocumentAddress } from '../../runs/documents/documentAddress.ts';
import { TEXT_LIMITS, outputText } from '../../runs/output/outputText.ts';
import type { Run } from '../../runs/run.ts';
import type { RunChange, RunList } from '../runs/runList.ts';
import type { RunLoader } from '../runs/runLoader.ts';
import type { CombinedTexts } from './combinedTexts.ts';
import { nodeUri, openDocument, OUTPUT_SCHEME, parseDocumentUri } from './documentUri.ts';
import type { EncodingChoices } from './encodingChoices.ts';
import { readOnlyFiles } from './readOnlyFiles.ts';

/** The minimum time between updates of an open document. */
const REFRESH_INTERVAL_MS = 300;
/** After a read, the next one waits this many times as long as the read took. */
const REREAD_DELAY_FACTOR = 10;

/** VS Code's name of the encoding. */
const UTF8 = 'utf8';

interface OpenDocument {
  readonly uri: vscode.Uri;
  readonly address: DocumentAddress;
  /** Milliseconds since the epoch; the document isn't read again before. */
  notBefore: number;
  /** The document is at its size limit, so that more output changes nothing until the end. */
  isFull: boolean;
}

/**
 * Provides jobs and the output of nodes as read-only files. As real documents they can be searched,
 * compared and saved, and VS Code opens them again after a reload.
 */
export class OutputDocuments implements vscode.Disposable {
  readonly #runs: RunList;
  readonly #loader: RunLoader;
  readonly #combined: CombinedTexts;
  readonly #subscriptions: vscode.Disposable[];
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  /** Open documents by URI. */
  readonly #open = new Map<string, OpenDocument>();
  readonly #touched = new Set<OpenDocument>();
  /** When the user last changed how runs are shown, by id: milliseconds since the epoch. */
  readonly #revisions = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    runs: RunList,
    loader: RunLoader,
    combined: CombinedTexts,
    encodings: EncodingChoices,
  ) {
    this.#runs = runs;
    this.#loader = loader;
    this.#combined = combined;
    const files = readOnlyFiles(this.#changed.event, {
      stat: (uri) => this.#stat(uri),
      read: (uri) => this.#read(uri),
    });
    this.#subscriptions = [
      vscode.workspace.registerFileSystemProvider(OUTPUT_SCHEME, files, { isReadonly: true }),
      vscode.workspace.onDidOpenTextDocument((document) => this.#opened(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#closed(uri)),
      runs.onDidChange((change) => this.#follow(change)),
      // Combined documents begin with the run's title.
      runs.onDidRename(({ id }) => this.#revised(id, 'combined')),
      encodings.onDidChange(({ info }) => this.#revised(info.id)),
    ];
  }

  uri(run: Run, node: string): vscode.Uri {
    return nodeUri(run, node);
  }

  async open(uri: vscode.Uri): Promise<void> {
    const document = await openDocument(uri);
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
      const size = jobBytes(run.info.job).length;
      const mtime = createdAt;
      const permissions = vscode.FilePermission.Readonly;
      return { type: vscode.FileType.File, ctime: createdAt, mtime, size, permissions };
    }
    const isNode = address.kind === 'node';
    const bytes = isNode ? run.output.size(address.node) : run.output.bytes;
    const revised = this.#revisions.get(address.runId);
    const lastSign = isNode ? run.ledger.get(address.node)?.lastSign : lastSignOf(run);
    return {
      type: vscode.FileType.File,
      ctime: createdAt,
      // The end of the run counts too, because it changes the text.
      mtime: Math.max(createdAt, lastSign ?? 0, run.ledger.finishedAt ?? 0, revised ?? 0),
      size: Math.min(bytes, TEXT_LIMITS.bytes),
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async #read(uri: vscode.Uri): Promise<Uint8Array> {
    const { run, address } = await this.#find(uri);
    if (address.kind === 'script') return jobBytes(run.info.job);
    const start = performance.now();
    let isFull = false;
    let text: Uint8Array;
    if (address.kind === 'node') {
      const node = await outputText(run.output, address.node);
      text = node.text;
      isFull = node.omittedBytes > 0;
    } else {
      text = await this.#combined.compose(uri, run, address);
    }
    const open = this.#open.get(uri.toString());
    if (open) {
      open.notBefore = Date.now() + REREAD_DELAY_FACTOR * (performance.now() - start);
      open.isFull = isFull;
    }
    return text;
  }

  async #find(uri: vscode.Uri): Promise<{ run: Run; address: DocumentAddress }> {
    const address = parseDocumentUri(uri);
    const listed = address && (await this.#runs.findRestored(address.runId));
    if (!listed) throw vscode.FileSystemError.FileNotFound(uri);
    return { run: await this.#loader.load(listed), address };
  }

  #opened({ uri, encoding }: vscode.TextDocument): void {
    const address = parseDocumentUri(uri);
    if (!address) return;
    this.#open.set(uri.toString(), { uri, address, notBefore: 0, isFull: false });
    if (encoding !== UTF8) void this.#decodeAsUtf8(uri);
  }

  /** VS Code decodes a document that it opened itself, for example after a reload, by `files.encoding`. */
  async #decodeAsUtf8(uri: vscode.Uri): Promise<void> {
    const { run, address } = await this.#find(uri);
    const { job } = run.info;
    if (address.kind === 'script' && job.kind === 'script' && job.bytes !== undefined) return;
    await vscode.workspace.openTextDocument(uri, { encoding: UTF8 });
  }

  #closed(uri: vscode.Uri): void {
    const open = this.#open.get(uri.toString());
    if (!open) return;
    this.#open.delete(uri.toString());
    this.#touched.delete(open);
    this.#combined.forget(uri);
  }

  /** Called for each chunk of output; only a few documents are open. */
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

  /** The text of documents changed without an event of the run. */
  #revised(id: string, kind?: DocumentAddress['kind']): void {
    this.#revisions.set(id, Date.now());
    for (const open of this.#open.values()) {
      const { runId, kind: openKind } = open.address;
      if (runId === id && openKind === (kind ?? openKind)) this.#touch(open);
    }
  }

  #touch(open: OpenDocument): void {
    this.#touched.add(open);
    this.#timer ??= setTimeout(() => this.#fireChanges(), REFRESH_INTERVAL_MS);
  }

  #fireChanges(): void {
    const now = Date.now();
    const due = [...this.#touched].filter(({ notBefore }) => notBefore <= now);
    for (const open of due) this.#touched.delete(open);
    this.#timer = undefined;
    if (this.#touched.size > 0)
      this.#timer = setTimeout(() => this.#fireChanges(), REFRESH_INTERVAL_MS);
    if (due.length === 0) return;
    this.#changed.fire(due.map(({ uri }) => ({ type: vscode.FileChangeType.Changed, uri })));
  }
}

function changesText(kind: RunChange['event']['kind']): boolean {
  return (
    kind === 'output' ||
    kind === 'gap' ||
    kind === 'exited' ||
    kind === 'lost' ||
    kind === 'cut' ||
    kind === 'finished'
  );
}

function jobBytes(job: Job): Uint8Array {
  return job.kind === 'script' ? scriptBytes(job) : Buffer.from(jobText(job));
}

function lastSignOf({ ledger }: Run): number | undefined {
  let last: number | undefined;
  for (const { lastSign } of ledger.nodes) {
    if (lastSign !== undefined && lastSign > (last ?? 0)) last = lastSign;
  }
  return last;
}
