import * as vscode from 'vscode';
import { displayLine } from '../../runs/displayText.ts';
import type { Run } from '../../runs/run.ts';
import type { RunChange, RunService } from '../runs/runService.ts';

const SCHEME = 'consul-exec';
/** How often an open document follows the output of a run that goes on. */
const FOLLOW_MS = 300;

/**
 * Each node's output as a read-only file, `consul-exec:/<run>/<node>.txt`: a real document, so that
 * it can be searched, compared, saved and kept open.
 */
export class NodeDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #runs: RunService;
  readonly #subscriptions: vscode.Disposable[];
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  /** Documents the editor holds, of any scheme: a look-up for each piece of output must be cheap. */
  readonly #open = new Set<string>();
  readonly #touched = new Map<string, vscode.Uri>();
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeFile = this.#changed.event;

  constructor(runs: RunService) {
    this.#runs = runs;
    this.#subscriptions = [
      vscode.workspace.registerFileSystemProvider(SCHEME, this, { isReadonly: true }),
      vscode.workspace.onDidOpenTextDocument(({ uri }) => this.#open.add(uri.toString())),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#open.delete(uri.toString())),
      runs.onDidChange((change) => this.#follow(change)),
    ];
  }

  uri(run: Run, node: string): vscode.Uri {
    // A slash in a node's name must not become a folder.
    const name = node.replaceAll('/', '∕');
    return vscode.Uri.from({ scheme: SCHEME, path: `/${run.info.id}/${name}.txt`, query: node });
  }

  async open(run: Run, node: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.uri(run, node));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { run, node } = await this.#find(uri);
    const result = run.ledger.get(node);
    return {
      type: vscode.FileType.File,
      ctime: run.info.createdAt,
      mtime: result?.lastSign ?? run.info.createdAt,
      size: result?.bytes ?? 0,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { run, node } = await this.#find(uri);
    const text = new TextDecoder().decode(await run.output.read(node));
    return Buffer.from(text.split(/\r?\n/).map(displayLine).join('\n'));
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
  writeFile(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
  delete(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
  rename(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #find(uri: vscode.Uri): Promise<{ run: Run; node: string }> {
    const listed = this.#runs.find(uri.path.split('/')[1] ?? '');
    if (!listed) throw vscode.FileSystemError.FileNotFound(uri);
    return { run: await this.#runs.load(listed), node: uri.query };
  }

  #follow({ run, event }: RunChange): void {
    if (event.kind !== 'output' || this.#open.size === 0) return;
    const uri = this.uri(run, event.node);
    const key = uri.toString();
    if (!this.#open.has(key)) return;
    this.#touched.set(key, uri);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const changes = [...this.#touched.values()];
      this.#touched.clear();
      this.#changed.fire(changes.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
    }, FOLLOW_MS);
  }
}
