import * as v from 'valibot';
import type * as vscode from 'vscode';
import { StateKey } from '../base/stateKey.ts';

/** Pairs of a connection's id and the datacenter, latest first. */
const DATACENTERS = new StateKey('datacenters', v.array(v.tuple([v.string(), v.string()])), []);
/** Enough for a user with many clusters, and quick to read. */
const MAX_ENTRIES = 100;

/**
 * Stores for all windows which datacenter each agent reported, so that the user sees where a run goes
 * before the first request. An entry is for one name and address: at another address, the connection is
 * a different one.
 */
export class KnownDatacenters {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  get(connection: string, address: string): string | undefined {
    return this.#all.find(([id]) => id === idOf(connection, address))?.[1];
  }

  /** @returns whether the datacenter is new */
  async remember(connection: string, address: string, datacenter: string): Promise<boolean> {
    if (this.get(connection, address) === datacenter) return false;
    const id = idOf(connection, address);
    const others = this.#all.filter(([other]) => other !== id);
    const entries: [string, string][] = [[id, datacenter], ...others];
    await DATACENTERS.write(this.#state, entries.slice(0, MAX_ENTRIES));
    return true;
  }

  get #all(): [string, string][] {
    return DATACENTERS.read(this.#state);
  }
}

function idOf(connection: string, address: string): string {
  return JSON.stringify([connection, address]);
}
