import * as vscode from 'vscode';
import { AddressError, parseAddress } from '../../consul/address.ts';
import { type AgentSelf, readSelf } from '../../consul/agent.ts';
import { ConnectionError } from '../../consul/connection/connectionError.ts';
import type { ConnectionSpec, Environment } from '../../consul/connection/connectionSpec.ts';
import { specFromEnvironment } from '../../consul/connection/environment.ts';
import { specFromProfile } from '../../consul/connection/fromProfile.ts';
import { type ProfileReading, readProfiles } from '../../consul/connection/profile.ts';
import type { ConnectionProfile } from '../../consul/connection/profileSchema.ts';
import { resolveConnection, type SecretSource } from '../../consul/connection/resolve.ts';
import { Consul } from '../../consul/consul.ts';
import { ConsulError, mayPass } from '../../consul/errors.ts';
import { SETTINGS } from '../contributions.ts';
import { ownSetting, runMistakes, writtenConnections } from '../settings.ts';
import { UserError } from '../userError.ts';
import { type ConnectionFailure, failureOf } from './connectionFailure.ts';
import { KnownDatacenters } from './knownDatacenters.ts';
import { readNetworkSettings } from './networkSettings.ts';

/** A Consul agent ready to be asked, and what to call it. */
export interface OpenConnection {
  /** Set to `datacenter`. */
  readonly consul: Consul;
  /** What the user knows it by. */
  readonly name: string;
  /** undefined for the environment's. */
  readonly profile: ConnectionProfile | undefined;
  readonly production: boolean;
  /** Where runs go unless the user chooses otherwise. */
  readonly datacenter: string;
  /** undefined when the token may not read it. */
  readonly self: AgentSelf | undefined;
}

/** The connection in use, as far as it is known without asking anybody. */
export interface ActiveConnection {
  /** The profile that was chosen, whether or not it can be used; undefined for the environment's. */
  readonly chosen: string | undefined;
  /** The profile's name, or the address when the environment's is used. */
  readonly name: string;
  /** undefined for the environment's, and for a profile that cannot be used. */
  readonly profile: ConnectionProfile | undefined;
  /** Where its agent listens; undefined when it cannot be used. */
  readonly address: string | undefined;
  /** Why it cannot be used, as it is written: one sentence each, none when it can. */
  readonly mistakes: readonly string[];
  /** What is to be known of it before it is used: one sentence each. */
  readonly notes: readonly string[];
  /** As its agent told when it was last opened. */
  readonly datacenter: string | undefined;
}

/** Where a window keeps what was chosen in it, and all windows what agents have told. */
export interface ConnectionMemory {
  readonly window: vscode.Memento;
  readonly all: vscode.Memento;
}

const ACTIVE_KEY = 'activeConnection';

/** Asked after a failure that may pass: whether to try the agent again. */
type Patience = (error: ConsulError) => Promise<boolean>;

/** Knows the connections there are, which one is in use, and opens it. */
export class ConnectionService implements vscode.Disposable {
  readonly #env: Environment;
  readonly #secrets: SecretSource;
  readonly #state: vscode.Memento;
  readonly #datacenters: KnownDatacenters;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #failure: ConnectionFailure | undefined;

  /** Another connection is in use, or more is known of it. */
  readonly onDidChange = this.#changed.event;

  constructor(
    env: Environment,
    secrets: SecretSource,
    memory: ConnectionMemory,
    log: vscode.LogOutputChannel,
  ) {
    this.#env = env;
    this.#secrets = secrets;
    this.#state = memory.window;
    this.#datacenters = new KnownDatacenters(memory.all);
    this.#log = log;
    this.#subscription = vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(SETTINGS)) return;
      this.#failure = undefined;
      this.#changed.fire();
    });
  }

  /** The profiles of the settings that can be used; the mistakes in the others. */
  get profiles(): ProfileReading {
    return readProfiles(writtenConnections(), runMistakes);
  }

  get active(): ActiveConnection {
    const chosen = this.#state.get<string>(ACTIVE_KEY);
    const { spec, profile, mistakes } = this.#look(chosen);
    const name = chosen ?? spec?.endpoint.label ?? vscode.l10n.t('environment');
    const address = spec?.endpoint.label;
    const known = address === undefined ? undefined : this.#datacenters.get(name, address);
    const datacenter = profile?.datacenter ?? known;
    const notes = spec?.notes ?? [];
    return { chosen, name, profile, address, mistakes, notes, datacenter };
  }

  /** Where runs go, in few words: the connection and the datacenter, as far as they are known. */
  get place(): string {
    const { name, datacenter } = this.active;
    return [name, datacenter].filter(Boolean).join(' · ');
  }

  /** Why the connection in use cannot be used, or could not when it was last opened. */
  get failure(): ConnectionFailure | undefined {
    const { mistakes } = this.active;
    if (mistakes.length > 0) return { cause: 'settings', sentence: mistakes.join(' ') };
    return this.#failure;
  }

  /** What the connection without a profile is called: its address. */
  get environmentName(): string {
    return this.#look(undefined).spec?.endpoint.label ?? vscode.l10n.t('environment');
  }

  /** @param name a profile's, or undefined for the environment's connection */
  async use(name: string | undefined): Promise<void> {
    await this.#state.update(ACTIVE_KEY, name);
    this.#failure = undefined;
    this.#changed.fire();
  }

  /**
   * Opens the connection in use, anew each time: files and secrets are taken as they are now. Asks
   * the agent who it is, so that trouble shows before anything else is done.
   * @param patience while it answers yes, the agent is tried again; no secret is asked for again
   * @throws ConnectionError, UserError for what is wrong with the connection itself; ConsulError when
   * the agent cannot be used
   */
  async open(signal?: AbortSignal, patience?: Patience): Promise<OpenConnection> {
    try {
      const connection = await this.#open(signal, patience);
      this.#tellFailure(undefined);
      return connection;
    } catch (error) {
      const failure = failureOf(error);
      if (failure) this.#tellFailure(failure);
      throw error;
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  #tellFailure(failure: ConnectionFailure | undefined): void {
    if (this.#failure?.sentence === failure?.sentence) return;
    this.#failure = failure;
    this.#changed.fire();
  }

  async #open(signal?: AbortSignal, patience?: Patience): Promise<OpenConnection> {
    const { name, profile, mistakes } = this.active;
    const { spec } = this.#look(this.#state.get<string>(ACTIVE_KEY));
    if (!spec) throw new UserError(mistakes.join(' '));
    for (const note of spec.notes) this.#log.warn(note);
    const options = await resolveConnection(spec, this.#secrets, readNetworkSettings(this.#env));
    const consul = new Consul(options);
    const self = await whoIs(consul, signal, patience);
    const datacenter = spec.datacenter ?? self?.datacenter ?? '';
    if (await this.#datacenters.learn(name, spec.endpoint.label, datacenter)) this.#changed.fire();
    const foreign = spec.datacenter !== undefined && spec.datacenter !== self?.datacenter;
    return {
      consul: foreign ? consul.in(spec.datacenter) : consul,
      name,
      profile,
      production: spec.production,
      datacenter,
      self,
    };
  }

  /** What a choice stands for: a connection, or why it cannot be one. */
  #look(chosen: string | undefined): Look {
    if (chosen === undefined) return this.#lookAtEnvironment();
    const { profiles, mistakes } = this.profiles;
    const profile = profiles.find(({ name }) => name === chosen);
    if (profile) return { profile, spec: specFromProfile(profile, this.#env), mistakes: [] };
    const own = mistakes.filter(({ connection }) => connection === chosen);
    // A list that is none has lost them all.
    const told = own.length > 0 ? own : mistakes.filter(({ connection }) => !connection);
    const sentences = told.map(({ sentence }) => sentence);
    const why =
      sentences.length > 0
        ? vscode.l10n.t(
            'The connection “{0}” cannot be used. In the settings: {1}',
            chosen,
            sentences.join(' '),
          )
        : vscode.l10n.t(
            'The connection “{0}” is no longer in the settings: choose another.',
            chosen,
          );
    return { mistakes: [why] };
  }

  #lookAtEnvironment(): Look {
    try {
      const address = ownSetting('address').trim();
      if (address === '') return { spec: specFromEnvironment(this.#env), mistakes: [] };
      parseSetting(address);
      const env = { ...this.#env, CONSUL_HTTP_ADDR: address };
      return { spec: specFromEnvironment(env), mistakes: [] };
    } catch (error) {
      if (!(error instanceof ConnectionError || error instanceof UserError)) throw error;
      return { mistakes: [error.message] };
    }
  }
}

interface Look {
  readonly spec?: ConnectionSpec;
  readonly profile?: ConnectionProfile;
  /** Sentences; none beside a `spec`. */
  readonly mistakes: readonly string[];
}

/**
 * So that a mistake is told of the setting, not of the variable that it stands for.
 * @throws UserError
 */
function parseSetting(address: string): void {
  try {
    parseAddress(address);
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    const name = `${SETTINGS}.address`;
    throw new UserError(vscode.l10n.t('“{0}” in the settings: {1}', name, error.message));
  }
}

async function whoIs(
  consul: Consul,
  signal: AbortSignal | undefined,
  patience: Patience | undefined,
): Promise<AgentSelf | undefined> {
  for (;;) {
    try {
      return await readSelf(consul, signal);
    } catch (error) {
      if (!(error instanceof ConsulError && mayPass(error))) throw error;
      if (!(await patience?.(error))) throw error;
    }
  }
}
