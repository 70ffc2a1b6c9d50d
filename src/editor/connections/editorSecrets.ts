import * as v from 'valibot';
import * as vscode from 'vscode';
import type { SecretSource } from '../../consul/connection/resolve.ts';

type Kind = 'token' | 'password';

/** A secret is kept with the address it was given for, and is sent nowhere else. */
const Kept = v.object({ address: v.string(), secret: v.string() });

/** What is kept for one connection: never the secrets themselves. */
export interface KeptSecrets {
  readonly connection: string;
  /** The addresses they were given for. */
  readonly addresses: readonly string[];
}

/**
 * Tokens and passwords in the editor's secret store, by the name of their connection. When its
 * address becomes another, they are asked for again: the name alone does not tell a cluster. What is
 * kept for a connection that has gone stays, since a slip in the settings makes one go for a moment;
 * it can be forgotten at any time.
 */
export class EditorSecrets implements SecretSource {
  readonly #store: vscode.SecretStorage;

  constructor(store: vscode.SecretStorage) {
    this.#store = store;
  }

  async storedToken(connection: string, address: string): Promise<string | undefined> {
    const kept = await this.#kept('token', connection);
    return kept?.address === address
      ? kept.secret
      : this.setToken(connection, address, kept?.address);
  }

  askToken(connection: string): Promise<string | undefined> {
    return askSecret(
      vscode.l10n.t('ACL token for {0}', connection),
      vscode.l10n.t('It is used this once, and kept nowhere.'),
    );
  }

  async password(connection: string, user: string, address: string): Promise<string | undefined> {
    const kept = await this.#kept('password', connection);
    return kept?.address === address
      ? kept.secret
      : this.setPassword(connection, user, address, kept?.address);
  }

  /**
   * Asks for a token and keeps it.
   * @param before the address that the one kept now was given for, where that is another
   * @returns what was given
   */
  async setToken(
    connection: string,
    address: string,
    before?: string,
  ): Promise<string | undefined> {
    const title = vscode.l10n.t('ACL token for {0}', connection);
    const secret = (await askSecret(title, whereTo(address, before)))?.trim();
    if (secret) await this.#keep('token', connection, { address, secret });
    return secret;
  }

  /** As `setToken`. An empty password is one. */
  async setPassword(
    connection: string,
    user: string,
    address: string,
    before?: string,
  ): Promise<string | undefined> {
    const title = vscode.l10n.t('Password of {0} for {1}', user, connection);
    const secret = await askSecret(title, whereTo(address, before));
    if (secret !== undefined) await this.#keep('password', connection, { address, secret });
    return secret;
  }

  /** All connections something is kept for, whether or not they are still in the settings. */
  async list(): Promise<readonly KeptSecrets[]> {
    const found = new Map<string, Set<string>>();
    for (const key of await this.#store.keys()) {
      const [, kind, connection = ''] = /^(token|password):(.*)$/s.exec(key) ?? [];
      if (kind === undefined) continue;
      const addresses = found.get(connection) ?? new Set();
      found.set(connection, addresses);
      const kept = await this.#kept(kind as Kind, connection);
      if (kept) addresses.add(kept.address);
    }
    return [...found].map(([connection, addresses]) => ({
      connection,
      addresses: [...addresses],
    }));
  }

  /** Forgets all that is kept for a connection. */
  async forget(connection: string): Promise<void> {
    await this.#store.delete(keyOf('token', connection));
    await this.#store.delete(keyOf('password', connection));
  }

  async #keep(kind: Kind, connection: string, kept: v.InferOutput<typeof Kept>): Promise<void> {
    await this.#store.store(keyOf(kind, connection), JSON.stringify(kept));
  }

  async #kept(kind: Kind, connection: string): Promise<v.InferOutput<typeof Kept> | undefined> {
    const text = await this.#store.get(keyOf(kind, connection));
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Kept), text);
    return parsed.success ? parsed.output : undefined;
  }
}

function keyOf(kind: Kind, connection: string): string {
  return `${kind}:${connection}`;
}

function whereTo(address: string, before: string | undefined): string {
  return before === undefined || before === address
    ? vscode.l10n.t('It is sent to {0}, and kept in the editor’s secret store.', address)
    : vscode.l10n.t(
        'The one that is kept was given for {0}. This one is sent to {1}, and kept in the editor’s secret store.',
        before,
        address,
      );
}

async function askSecret(title: string, prompt: string): Promise<string | undefined> {
  return vscode.window.showInputBox({ title, prompt, password: true, ignoreFocusOut: true });
}
