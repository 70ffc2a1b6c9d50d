import * as v from 'valibot';
import * as vscode from 'vscode';
import type { SecretSource } from '../../consul/connection/resolve.ts';

type Kind = 'token' | 'password';

/** A secret is stored with the address that it was entered for, and is sent only there. */
const StoredSecret = v.object({ address: v.string(), secret: v.string() });

/** What is stored for one connection, without the secrets themselves. */
export interface StoredSecrets {
  readonly connection: string;
  /** The addresses that the secrets were entered for. */
  readonly addresses: readonly string[];
}

/**
 * Tokens and passwords in VS Code's secret storage, by connection name. When the address of a
 * connection changes, the user is asked again, because a name alone doesn't identify a cluster. The
 * secrets of a connection that is no longer in the settings stay, because a typo there removes a
 * connection for a moment; the user can remove them at any time.
 */
export class EditorSecrets implements SecretSource {
  readonly #store: vscode.SecretStorage;

  constructor(store: vscode.SecretStorage) {
    this.#store = store;
  }

  /** The secret that is stored for a connection and an address, without asking the user. */
  async saved(kind: Kind, connection: string, address: string): Promise<string | undefined> {
    const stored = await this.#read(kind, connection);
    return stored?.address === address ? stored.secret : undefined;
  }

  async storedToken(connection: string, address: string): Promise<string | undefined> {
    const stored = await this.#read('token', connection);
    return stored?.address === address
      ? stored.secret
      : this.setToken(connection, address, stored?.address);
  }

  askToken(connection: string): Promise<string | undefined> {
    return askSecret(
      vscode.l10n.t('ACL token for {0}', connection),
      vscode.l10n.t("The token is used once and isn't stored."),
    );
  }

  async password(connection: string, user: string, address: string): Promise<string | undefined> {
    const stored = await this.#read('password', connection);
    return stored?.address === address
      ? stored.secret
      : this.setPassword(connection, user, address, stored?.address);
  }

  /**
   * Asks for a token and stores it.
   * @param previousAddress that the stored token was entered for, if any
   * @returns the token that the user entered
   */
  async setToken(
    connection: string,
    address: string,
    previousAddress?: string,
  ): Promise<string | undefined> {
    const secret = await this.enterToken(connection, address, previousAddress);
    if (secret) await this.storeToken(connection, address, secret);
    return secret;
  }

  /** Asks for a token, and doesn't store it. */
  async enterToken(
    connection: string,
    address: string,
    previousAddress?: string,
  ): Promise<string | undefined> {
    const title = vscode.l10n.t('ACL token for {0}', connection);
    return (await askSecret(title, secretPrompt(address, previousAddress)))?.trim();
  }

  async storeToken(connection: string, address: string, secret: string): Promise<void> {
    await this.#write('token', connection, { address, secret });
  }

  /** Does the same as `setToken` for a password, which can be empty. */
  async setPassword(
    connection: string,
    user: string,
    address: string,
    previousAddress?: string,
  ): Promise<string | undefined> {
    const title = vscode.l10n.t('Password of {0} for {1}', user, connection);
    const secret = await askSecret(title, secretPrompt(address, previousAddress));
    if (secret !== undefined) await this.#write('password', connection, { address, secret });
    return secret;
  }

  /** All connections with a stored secret, even those that are no longer in the settings. */
  async list(): Promise<readonly StoredSecrets[]> {
    const found = new Map<string, Set<string>>();
    for (const key of await this.#store.keys()) {
      const [, kind, connection = ''] = /^(token|password):(.*)$/s.exec(key) ?? [];
      if (kind === undefined) continue;
      const addresses = found.get(connection) ?? new Set();
      found.set(connection, addresses);
      const stored = await this.#read(kind as Kind, connection);
      if (stored) addresses.add(stored.address);
    }
    return [...found].map(([connection, addresses]) => ({
      connection,
      addresses: [...addresses],
    }));
  }

  /** Removes the stored token and password of a connection. */
  async remove(connection: string): Promise<void> {
    await this.#store.delete(keyOf('token', connection));
    await this.#store.delete(keyOf('password', connection));
  }

  async #write(
    kind: Kind,
    connection: string,
    secret: v.InferOutput<typeof StoredSecret>,
  ): Promise<void> {
    await this.#store.store(keyOf(kind, connection), JSON.stringify(secret));
  }

  async #read(
    kind: Kind,
    connection: string,
  ): Promise<v.InferOutput<typeof StoredSecret> | undefined> {
    const text = await this.#store.get(keyOf(kind, connection));
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), StoredSecret), text);
    return parsed.success ? parsed.output : undefined;
  }
}

function keyOf(kind: Kind, connection: string): string {
  return `${kind}:${connection}`;
}

function secretPrompt(address: string, previousAddress: string | undefined): string {
  return previousAddress === undefined || previousAddress === address
    ? vscode.l10n.t('The secret is sent to {0} and saved in secret storage.', address)
    : vscode.l10n.t(
        'The stored secret is for {0}. The new one is sent to {1} and saved in secret storage.',
        previousAddress,
        address,
      );
}

async function askSecret(title: string, prompt: string): Promise<string | undefined> {
  return vscode.window.showInputBox({ title, prompt, password: true, ignoreFocusOut: true });
}
