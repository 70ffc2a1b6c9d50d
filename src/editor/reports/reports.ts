import * as vscode from 'vscode';
import { OUTPUT_LANGUAGE } from '../base/contributions.ts';

export const REPORT_SCHEME = 'consul-exec-report';
/** Beyond this number the oldest report is deleted. */
const MAX_REPORTS = 50;

/** Shows generated texts as read-only documents. */
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

  /**
   * @param title of the editor tab
   * @param options.preview whether the next editor can replace it
   */
  async show(title: string, text: string, { preview } = { preview: true }): Promise<void> {
    const name = title.replaceAll('/', '∕');
    const uri = vscode.Uri.from({ scheme: REPORT_SCHEME, path: `/${++this.#count}/${name}` });
    this.#texts.set(uri.toString(), text);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MAX_REPORTS && oldest !== undefined) this.#texts.delete(oldest);
    const opened = await vscode.workspace.openTextDocument(uri);
    const document = await vscode.languages.setTextDocumentLanguage(opened, OUTPUT_LANGUAGE);
    await vscode.window.showTextDocument(document, { preview });
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
