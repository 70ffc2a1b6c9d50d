import * as vscode from 'vscode';
import { displayName } from '../../../base/displayName.ts';
import { sentJob } from '../../../exec/guard/guardJob.ts';
import { type Job, jobText, scriptBytes } from '../../../exec/protocol/job.ts';
import { readOnlyFiles } from '../../output/readOnlyFiles.ts';
import type { PickSession } from '../session/pickSession.ts';

/** Only these documents: the text of a run that has begun is under another scheme. */
export const REVIEW_SCHEME = 'consul-exec-review';
const SHELL = 'shellscript';
const MAX_NAME_LENGTH = 60;

/**
 * Shows in an editor exactly what the nodes of the open review will receive, with the lines of a guard.
 * The file can't be changed, and it is gone when the review closes.
 */
export class ReviewScript implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #registration: vscode.Disposable;
  #uri: vscode.Uri | undefined;
  #job: Job | undefined;
  #changedAt = 0;

  constructor() {
    const files = readOnlyFiles(this.#changed.event, {
      stat: (uri) => this.#stat(uri),
      read: (uri) => Promise.resolve(this.#read(uri)),
    });
    this.#registration = vscode.workspace.registerFileSystemProvider(REVIEW_SCHEME, files, {
      isReadonly: true,
    });
    // After a reload, VS Code opens the editor again, but the review is gone.
    void closeEditors();
  }

  /** Shows the text of a review that opens. If it is shown already, updates it. */
  async follow(session: PickSession): Promise<void> {
    const { job, runId, guard } = session;
    const uri = uriOf(session);
    this.#job = sentJob(job, runId, guard);
    this.#changedAt = Date.now();
    if (this.#uri?.toString() === uri.toString()) {
      this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
      return;
    }
    await closeEditors();
    this.#uri = uri;
    await this.show();
  }

  /** Shows the text again, in case the user closed its editor. The focus stays where it is. */
  async show(): Promise<void> {
    const [uri, job] = [this.#uri, this.#job];
    if (!uri || !job) return;
    // What is not UTF-8 is decoded as the user's files are.
    const isBinary = job.kind === 'script' && job.bytes !== undefined;
    const document = await vscode.workspace.openTextDocument(uri, {
      ...(isBinary ? {} : { encoding: 'utf8' }),
    });
    if (document.languageId === 'plaintext') {
      await vscode.languages.setTextDocumentLanguage(document, SHELL);
    }
    await vscode.window.showTextDocument(document, { preview: true, preserveFocus: true });
  }

  /** Whether an editor shows the text now. */
  get isVisible(): boolean {
    const uri = this.#uri?.toString();
    return vscode.window.visibleTextEditors.some(({ document }) => document.uri.toString() === uri);
  }

  async close(): Promise<void> {
    this.#uri = undefined;
    this.#job = undefined;
    await closeEditors();
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }

  #stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return Promise.resolve({
      type: vscode.FileType.File,
      ctime: this.#changedAt,
      mtime: this.#changedAt,
      size: this.#read(uri).length,
      permissions: vscode.FilePermission.Readonly,
    });
  }

  #read(uri: vscode.Uri): Uint8Array {
    const job = this.#job;
    if (!job || uri.toString() !== this.#uri?.toString()) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    return job.kind === 'script' ? scriptBytes(job) : Buffer.from(jobText(job));
  }
}

/** The tab shows the name of the file, which also decides about the colors. */
function uriOf({ runId, title }: PickSession): vscode.Uri {
  const folder = vscode.l10n.t({
    message: 'Review',
    args: [],
    comment: ['Shown after the name of a script in the tab of an editor'],
  });
  const name = displayName(title).slice(0, MAX_NAME_LENGTH).toWellFormed().replaceAll('/', '∕');
  return vscode.Uri.from({ scheme: REVIEW_SCHEME, path: `/${folder}/${name}`, query: runId });
}

async function closeEditors(): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === REVIEW_SCHEME,
    );
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}
