import * as vscode from 'vscode';
import type { SecretSource } from '../../consul/connection/resolve.ts';

/** Tokens and passwords in the editor's secret store, by the name of their connection. */
export class EditorSecrets implements SecretSource {
  readonly #store: vscode.SecretStorage;

  constructor(store: vscode.SecretStorage) {
    this.#store = store;
  }

  async storedToken(connection: string): Promise<string | undefined> {
    return (await this.#store.get(tokenKey(connection))) ?? (await this.setToken(connection));
  }

  askToken(connection: string): Promise<string | undefined> {
    return ask(
      vscode.l10n.t('ACL token for {0}', connection),
      vscode.l10n.t('It is used for this run only, and kept nowhere.'),
    );
  }

  async password(connection: string, user: string): Promise<string | undefined> {
    const kept = await this.#store.get(passwordKey(connection));
    if (kept !== undefined) return kept;
    const password = await ask(
      vscode.l10n.t('Password of {0} for {1}', user, connection),
      vscode.l10n.t('It is kept in the editor’s secret store.'),
    );
    if (password !== undefined) await this.#store.store(passwordKey(connection), password);
    return password;
  }

  /** Asks for a token and keeps it. @returns what was given */
  async setToken(connection: string): Promise<string | undefined> {
    const token = await ask(
      vscode.l10n.t('ACL token for {0}', connection),
      vscode.l10n.t('It is kept in the editor’s secret store.'),
    );
    if (token) await this.#store.store(tokenKey(connection), token);
    return token;
  }

  /** Forgets all that is kept for a connection. */
  async forget(connection: string): Promise<void> {
    await this.#store.delete(tokenKey(connection));
    await this.#store.delete(passwordKey(connection));
  }
}

function tokenKey(connection: string): string {
  return `token:${connection}`;
}

function passwordKey(connection: string): string {
  return `password:${connection}`;
}

async function ask(title: string, prompt: string): Promise<string | undefined> {
  return vscode.window.showInputBox({ title, prompt, password: true, ignoreFocusOut: true });
}
