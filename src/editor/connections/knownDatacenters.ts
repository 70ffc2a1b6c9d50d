import type * as vscode from 'vscode';

const KEY = 'datacenters';
/** What a user with many clusters has, and no more than is read at once. */
const LONGEST = 100;

/**
 * The datacenters that agents have told, kept across windows: a user is to see where a run would go
 * before anything has been asked. At another address it is another connection.
 */
export class KnownDatacenters {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  get(connection: string, address: string): string | undefined {
    return this.#all.find(([id]) => id === idOf(connection, address))?.[1];
  }

  /** @returns whether it is news */
  async learn(connection: string, address: string, datacenter: string): Promise<boolean> {
    if (this.get(connection, address) === datacenter) return false;
    const id = idOf(connection, address);
    const others = this.#all.filter(([other]) => other !== id);
    await this.#state.update(KEY, [[id, datacenter], ...others].slice(0, LONGEST));
    return true;
  }

  get #all(): readonly (readonly [string, string])[] {
    return this.#state.get<[string, string][]>(KEY, []);
  }
}

function idOf(connection: string, address: string): string {
  return JSON.stringify([connection, address]);
}
