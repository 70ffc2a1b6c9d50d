import * as vscode from 'vscode';
import { DEFAULT_ADDRESS, parseAddress } from '../consul/address.ts';
import { type AgentSelf, readSelf } from '../consul/agent.ts';
import { Consul } from '../consul/consul.ts';
import { SETTINGS } from './contributions.ts';

/** A Consul agent ready to be asked, and what to call it. */
export interface OpenConnection {
  readonly consul: Consul;
  /** What the user knows it by. */
  readonly name: string;
  readonly datacenter: string;
  /** undefined when the token may not read it. */
  readonly self: AgentSelf | undefined;
}

/** Holds the one connection in use, and opens it anew when its settings change. */
export class ConnectionService implements vscode.Disposable {
  readonly #env: NodeJS.ProcessEnv;
  readonly #subscription: vscode.Disposable;
  #consul: Consul | undefined;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
    this.#subscription = vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${SETTINGS}.address`)) this.#forget();
    });
  }

  /**
   * Asks the agent who it is, so that trouble shows before anything else is done.
   * @throws AddressError, and ConsulError when the agent cannot be used
   */
  async open(signal?: AbortSignal): Promise<OpenConnection> {
    const consul = (this.#consul ??= this.#connect());
    const self = await readSelf(consul, signal);
    return {
      consul,
      name: consul.transport.endpoint.label,
      datacenter: self?.datacenter ?? '',
      self,
    };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#forget();
  }

  #connect(): Consul {
    const candidates = [
      vscode.workspace.getConfiguration(SETTINGS).get<string>('address'),
      this.#env['CONSUL_HTTP_ADDR'],
    ];
    // An empty setting is one that is not set.
    const address = candidates.find((text) => text !== undefined && text !== '') ?? DEFAULT_ADDRESS;
    return new Consul({
      endpoint: parseAddress(address),
      token: this.#env['CONSUL_HTTP_TOKEN'],
    });
  }

  #forget(): void {
    // Runs that go on hold the connection they began with; idle sockets close by themselves.
    this.#consul = undefined;
  }
}
