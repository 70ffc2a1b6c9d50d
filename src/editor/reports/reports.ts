import * as vscode from 'vscode';

export const REPORT_SCHEME = 'consul-exec-report';
/** Reports kept for documents that are open; the oldest go first. */
const MOST_REPORTS = 50;

/** Texts written for the user, shown as read-only documents. */
export class Reports implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #registration: vscode.Disposable;
  #count = 0;

  constructor() {
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(REPORT_SCHEME, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  /** @param title what its tab says */
  async show(title: string, text: string): Promise<void> {
    const name = title.replaceAll('/', '∕');
    const uri = vscode.Uri.from({ scheme: REPORT_SCHEME, path: `/${++this.#count}/${name}` });
    this.#texts.set(uri.toString(), text);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MOST_REPORTS && oldest !== undefined) this.#texts.delete(oldest);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
