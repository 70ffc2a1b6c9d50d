import * as vscode from 'vscode';
import { parseAddress } from '../../consul/address.ts';
import { type AgentSelf, readSelf } from '../../consul/agent.ts';
import type { ConnectionSpec, Environment } from '../../consul/connection/connectionSpec.ts';
import { specFromEnvironment } from '../../consul/connection/environment.ts';
import { specFromProfile } from '../../consul/connection/fromProfile.ts';
import { readProfiles } from '../../consul/connection/profile.ts';
import type { ConnectionProfile } from '../../consul/connection/profileSchema.ts';
import { resolveConnection, type SecretSource } from '../../consul/connection/resolve.ts';
import { Consul } from '../../consul/consul.ts';
import { ConsulError } from '../../consul/errors.ts';
import { SETTINGS } from '../contributions.ts';
import { UserError } from '../userError.ts';
import { readProxySettings } from './proxySettings.ts';

/** A Consul agent ready to be asked, and what to call it. */
export interface OpenConnection {
  /** Set to `datacenter`. */
  readonly consul: Consul;
  /** What the user knows it by. */
  readonly name: string;
  readonly production: boolean;
  /** Where runs go unless the user chooses otherwise. */
  readonly datacenter: string;
  /** undefined when the token may not read it. */
  readonly self: AgentSelf | undefined;
}

/** The connection in use, as far as it is known without asking anybody. */
export interface ActiveConnection {
  /** The profile's name, or the address when the environment's is used. */
  readonly name: string;
  /** undefined for the environment's. */
  readonly profile: ConnectionProfile | undefined;
  /** As the agent told when it was last opened. */
  readonly datacenter: string | undefined;
}

const ACTIVE_KEY = 'activeConnection';

/** Knows the connections there are, which one is in use, and opens it. */
export class ConnectionService implements vscode.Disposable {
  readonly #env: Environment;
  readonly #secrets: SecretSource;
  readonly #state: vscode.Memento;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #failed = false;
  /** Datacenters told by agents, by connection name. */
  readonly #datacenters = new Map<string, string>();

  /** Another connection is in use, or more is known of it. */
  readonly onDidChange = this.#changed.event;

  constructor(
    env: Environment,
    secrets: SecretSource,
    state: vscode.Memento,
    log: vscode.LogOutputChannel,
  ) {
    this.#env = env;
    this.#secrets = secrets;
    this.#state = state;
    this.#log = log;
    this.#subscription = vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(SETTINGS)) return;
      this.#datacenters.clear();
      this.#changed.fire();
    });
  }

  /** The profiles of the settings that can be used; the mistakes in the others. */
  get profiles(): ReturnType<typeof readProfiles> {
    return readProfiles(settings().get('connections'));
  }

  get active(): ActiveConnection {
    const wanted = this.#wanted;
    const profile = this.profiles.profiles.find(({ name }) => name === wanted);
    const name = wanted ?? this.environmentName;
    return { name, profile, datacenter: profile?.datacenter ?? this.#datacenters.get(name) };
  }

  /** Where runs go, in few words: the profile and the datacenter, as far as they are known. */
  get place(): string {
    const { profile, datacenter } = this.active;
    return [profile?.name, datacenter].filter(Boolean).join(' · ');
  }

  /** Whether nobody answered when the connection in use was last opened. */
  get failed(): boolean {
    return this.#failed;
  }

  /** What the connection without a profile is called: its address. */
  get environmentName(): string {
    try {
      return this.#environmentSpec().endpoint.label;
    } catch {
      return vscode.l10n.t('environment');
    }
  }

  /** @param name a profile's, or undefined for the environment's connection */
  async use(name: string | undefined): Promise<void> {
    await this.#state.update(ACTIVE_KEY, name);
    this.#failed = false;
    this.#changed.fire();
  }

  /**
   * Opens the connection in use, anew each time: files and secrets are taken as they are now. Asks
   * the agent who it is, so that trouble shows before anything else is done.
   * @throws AddressError, ConnectionError, UserError for what is wrong with the connection itself;
   * ConsulError when the agent cannot be used
   */
  async open(signal?: AbortSignal): Promise<OpenConnection> {
    try {
      const connection = await this.#open(signal);
      this.#tellFailed(false);
      return connection;
    } catch (error) {
      if (error instanceof ConsulError) this.#tellFailed(true);
      throw error;
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  #tellFailed(failed: boolean): void {
    if (this.#failed === failed) return;
    this.#failed = failed;
    this.#changed.fire();
  }

  async #open(signal?: AbortSignal): Promise<OpenConnection> {
    const spec = this.#spec();
    for (const note of spec.notes) this.#log.warn(note);
    const options = await resolveConnection(spec, this.#secrets, readProxySettings(this.#env));
    const consul = new Consul(options);
    const self = await readSelf(consul, signal);
    const name = spec.name === '' ? spec.endpoint.label : spec.name;
    const datacenter = spec.datacenter ?? self?.datacenter ?? '';
    if (this.#datacenters.get(name) !== datacenter) {
      this.#datacenters.set(name, datacenter);
      this.#changed.fire();
    }
    const foreign = spec.datacenter !== undefined && spec.datacenter !== self?.datacenter;
    return {
      consul: foreign ? consul.in(spec.datacenter) : consul,
      name,
      production: spec.production,
      datacenter,
      self,
    };
  }

  get #wanted(): string | undefined {
    return this.#state.get<string>(ACTIVE_KEY);
  }

  #spec(): ConnectionSpec {
    const wanted = this.#wanted;
    const { profiles, mistakes } = this.profiles;
    if (wanted === undefined) return this.#environmentSpec();
    const profile = profiles.find(({ name }) => name === wanted);
    if (profile) return specFromProfile(profile, this.#env);
    throw new UserError(
      mistakes.length > 0
        ? vscode.l10n.t(
            'The connection “{0}” cannot be used. In the settings: {1}',
            wanted,
            mistakes.join(' '),
          )
        : vscode.l10n.t(
            'The connection “{0}” is no longer in the settings: choose another.',
            wanted,
          ),
    );
  }

  #environmentSpec(): ConnectionSpec {
    const address = settings().get<string>('address', '');
    if (address === '') return specFromEnvironment(this.#env);
    parseAddress(address); // so that a mistake is told of the setting, not of the variable
    return specFromEnvironment({ ...this.#env, CONSUL_HTTP_ADDR: address });
  }
}

/** No workspace can set these: their scope is `machine`. */
function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(SETTINGS);
}
