import * as v from 'valibot';
import * as vscode from 'vscode';
import { KnownSecrets } from '../../consul/connection/knownSecrets.ts';
import { AddressError, parseAddress } from '../../consul/endpoint/address.ts';
import { type AgentSelf, readSelf } from '../../consul/agent.ts';
import { ConnectionError } from '../../consul/connection/connectionError.ts';
import type { ConnectionSpec, Environment } from '../../consul/connection/connectionSpec.ts';
import { defaultAddressMessage, specFromEnvironment } from '../../consul/connection/environment.ts';
import { specFromProfile } from '../../consul/connection/fromProfile.ts';
import { type ProfileReading, readProfiles } from '../../consul/connection/profile.ts';
import type { ConnectionProfile } from '../../consul/connection/profileSchema.ts';
import { resolveConnection, type SecretSource } from '../../consul/connection/resolve.ts';
import { Consul } from '../../consul/consul.ts';
import { Outage } from '../../consul/http/outage.ts';
import type { ConnectionOptions } from '../../consul/endpoint/connectionOptions.ts';
import { ConsulError, isRetryable } from '../../consul/errors/consulErrors.ts';
import { SETTINGS } from '../base/contributions.ts';

import { userSetting, runMistakes, writtenConnections } from '../base/settings.ts';
import { StateKey } from '../base/stateKey.ts';
import { UnusableConnection, UserError } from '../base/userError.ts';
import { type ConnectionFailure, failureOf } from './connectionFailure.ts';
import type { EditorSecrets } from './editorSecrets.ts';
import { KnownDatacenters } from './knownDatacenters.ts';
import { readNetworkSettings } from './networkSettings.ts';

/** A connection whose agent has responded. */
export interface OpenConnection {
  /** Sends requests to `datacenter`. */
  readonly consul: Consul;
  /** The profile's name, or the agent's address without a profile. */
  readonly name: string;
  /** undefined for the connection from the environment. */
  readonly profile: ConnectionProfile | undefined;
  readonly production: boolean;
  /** Where a run goes unless the user selects other datacenters. */
  readonly datacenter: string;
  /** undefined when the token can't read it. */
  readonly self: AgentSelf | undefined;
}

/** The active connection, as far as it is known without a request. */
export interface ActiveConnection {
  /** The name of the selected profile, even if it can't be used; undefined for the environment. */
  readonly selected: string | undefined;
  /** The profile's name, or the agent's address for the environment. */
  readonly name: string;
  /** undefined for the environment, and for a profile that can't be used. */
  readonly profile: ConnectionProfile | undefined;
  /** The agent's address; undefined when the connection can't be used. */
  readonly address: string | undefined;
  /** Why the configuration can't be used, one sentence each; empty when it can. */
  readonly errors: readonly string[];
  /** What the user should know before using it, one sentence each. */
  readonly notes: readonly string[];
  /** The profile's, or the one that the agent reported when it was last opened. */
  readonly datacenter: string | undefined;
}

/** Stores the selection per window, and the datacenters of agents for all windows. */
export interface ConnectionMemory {
  readonly window: vscode.Memento;
  readonly all: vscode.Memento;
}

/** The name of the selected profile; undefined for the environment. */
const ACTIVE_CONNECTION = new StateKey('activeConnection', v.optional(v.string()), undefined);

/** Decides after a failure that can pass whether to try the agent again. */
type ShouldRetry = (error: ConsulError) => Promise<boolean>;

/** Lists the connections, remembers which one is active, and opens it. */
export class ConnectionService implements vscode.Disposable {
  readonly #env: Environment;
  readonly #secrets: EditorSecrets;
  readonly #state: vscode.Memento;
  readonly #datacenters: KnownDatacenters;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #failure: ConnectionFailure | undefined;
  /** Of the connection that was opened last, or that couldn't be: it has its secrets. */
  #latest: Consul | undefined;
  readonly #used = new KnownSecrets();

  /** Fires when another connection becomes active, or when more is known about the active one. */
  readonly onDidChange = this.#changed.event;

  constructor(
    env: Environment,
    secrets: EditorSecrets,
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
      this.#latest = undefined;
      this.#failure = undefined;
      this.#changed.fire();
    });
  }

  /** The profiles in the settings that can be used, and the mistakes in the others. */
  get profiles(): ProfileReading {
    return readProfiles(writtenConnections(), runMistakes);
  }

  get active(): ActiveConnection {
    const selected = ACTIVE_CONNECTION.read(this.#state);
    const { spec, profile, errors } = this.#resolveSelected(selected);
    const name = selected ?? spec?.endpoint.label ?? vscode.l10n.t('environment');
    const address = spec?.endpoint.label;
    const known = address === undefined ? undefined : this.#datacenters.get(name, address);
    const datacenter = profile?.datacenter ?? known;
    const notes = spec ? notesOf(spec) : [];
    return { selected, name, profile, address, errors, notes, datacenter };
  }

  /** Where runs go: the connection and the datacenter, as far as they are known. */
  get locationLabel(): string {
    const { name, datacenter } = this.active;
    return [name, datacenter].filter(Boolean).join(' · ');
  }

  /** Why the active connection can't be used, or couldn't be when it was last opened. */
  get failure(): ConnectionFailure | undefined {
    const { errors } = this.active;
    if (errors.length > 0) return { cause: 'settings', message: errors.join(' ') };
    return this.#failure;
  }

  /** What names the active agent, for the welcome texts; undefined if the connection can't be used. */
  get agentFrom(): 'connection' | 'setting' | 'environment' | 'default' | undefined {
    const selected = ACTIVE_CONNECTION.read(this.#state);
    const { spec } = this.#resolveSelected(selected);
    if (!spec) return undefined;
    if (selected !== undefined) return 'connection';
    if (spec.endpoint.isDefault) return 'default';
    return userSetting('address').trim() === '' ? 'environment' : 'setting';
  }

  /** The label of the connection without a profile: the agent's address. */
  get environmentLabel(): string {
    return this.#resolveSelected(undefined).spec?.endpoint.label ?? vscode.l10n.t('environment');
  }

  /** @param name of a profile; undefined for the environment */
  async use(name: string | undefined): Promise<void> {
    await ACTIVE_CONNECTION.write(this.#state, name);
    this.#latest = undefined;
    this.#failure = undefined;
    this.#changed.fire();
  }

  /**
   * Opens the active connection. Reads files and secrets each time, because they can have changed.
   * Requests the agent's own data first, so that a problem shows before anything else happens.
   * @param shouldRetry decides whether to try the agent again; secrets are not requested again
   * @throws ConnectionError, UserError when the configuration is wrong; ConsulError when the agent
   * can't be used
   */
  async open(signal?: AbortSignal, shouldRetry?: ShouldRetry): Promise<OpenConnection> {
    try {
      const connection = await this.#open(signal, shouldRetry);
      this.#setFailure(undefined);
      return connection;
    } catch (error) {
      const failure = failureOf(error);
      if (failure) this.#setFailure(failure);
      throw error;
    }
  }

  /**
   * Opens the active connection without asking the user for a secret, for what only informs.
   * @returns undefined if it needs a secret that isn't stored
   * @throws ConnectionError, UserError, ConsulError as `open`
   */
  async openQuietly(signal: AbortSignal): Promise<OpenConnection | undefined> {
    const secrets = this.#secrets;
    const required = (secret: string | undefined) => {
      if (secret === undefined) throw new NotStored();
      return secret;
    };
    const stored: SecretSource = {
      storedToken: async (...of) => required(await secrets.saved('token', ...of)),
      askToken: () => Promise.reject(new NotStored()),
      password: async (connection, _, address) =>
        required(await secrets.saved('password', connection, address)),
    };
    try {
      return await this.#open(signal, undefined, stored);
    } catch (error) {
      if (error instanceof NotStored) return undefined;
      throw error;
    }
  }

  /**
   * Opens a connection that isn't in the settings yet. The active one and what is known about it stay.
   * @throws ConnectionError, ConsulError when it can't be used
   */
  async tryProfile(profile: ConnectionProfile, secrets: SecretSource): Promise<OpenConnection> {
    const spec = specFromProfile(profile, this.#env);
    const options = await this.#resolve(spec, secrets);
    return { ...(await openAgent(spec, new Consul(options))), name: profile.name, profile };
  }

  /** A text without the tokens and passwords that this window knows. */
  withoutSecrets(text: string): string {
    const [, ...password] = this.#env['CONSUL_HTTP_AUTH']?.split(':') ?? [];
    this.#used.add(this.#env['CONSUL_HTTP_TOKEN'], password.join(':'));
    return this.#used.hideIn(text);
  }

  /** Sends a request to an agent that couldn't be reached, without asking the user for anything. */
  async probe(): Promise<void> {
    if (this.#failure?.cause !== 'unreachable') return;
    // Its outcome is noted like that of every request.
    const request = this.#latest?.transport.send({ method: 'GET', path: '/v1/status/leader' });
    await request?.catch(() => undefined);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  /** Requests of runs and reviews also show whether the active agent can be reached. */
  #noteOutage(name: string, address: string, error: Error | undefined): void {
    const isKnown = error ? this.#failure !== undefined : this.#failure?.cause !== 'unreachable';
    if (isKnown) return;
    const { active } = this;
    if (active.name !== name || active.address !== address) return;
    this.#setFailure(error ? failureOf(error) : undefined);
  }

  #setFailure(failure: ConnectionFailure | undefined): void {
    if (this.#failure?.message === failure?.message) return;
    this.#failure = failure;
    this.#changed.fire();
  }

  async #open(
    signal?: AbortSignal,
    shouldRetry?: ShouldRetry,
    secrets: SecretSource = this.#secrets,
  ): Promise<OpenConnection> {
    const { name, profile, errors } = this.active;
    const selected = ACTIVE_CONNECTION.read(this.#state);
    const { spec } = this.#resolveSelected(selected);
    if (!spec) throw new UnusableConnection(errors.join(' '));
    for (const note of notesOf(spec)) this.#log.warn(note);
    const options = await this.#resolve(spec, secrets);
    const refresh = () => this.#refresh(selected, options);
    const outage = new Outage((error) => this.#noteOutage(name, spec.endpoint.label, error));
    const onOutcome = (error: Error | undefined) => outage.note(error);
    const consul = new Consul({ ...options, refresh, onOutcome });
    this.#latest = consul;
    const agent = await openAgent(spec, consul, signal, shouldRetry);
    if (await this.#datacenters.remember(name, spec.endpoint.label, agent.datacenter))
      this.#changed.fire();
    return { ...agent, name, profile };
  }

  /**
   * Reads the credentials of an open connection again, from its current settings, without asking the user.
   * @param options the ones that the connection was opened with
   */
  async #refresh(
    selected: string | undefined,
    options: ConnectionOptions,
  ): Promise<ConnectionOptions> {
    const { spec, errors } = this.#resolveSelected(selected);
    if (!spec) throw new UnusableConnection(errors.join(' '));
    const { token, basicAuth } = options;
    const secrets: SecretSource = {
      storedToken: async (...of) => (await this.#secrets.saved('token', ...of)) ?? token,
      askToken: () => Promise.resolve(token),
      password: async (connection, user, address) =>
        user === basicAuth?.user
          ? ((await this.#secrets.saved('password', connection, address)) ?? basicAuth.password)
          : undefined,
    };
    this.#log.debug('The credentials were refused. Reading them again.');
    return this.#resolve(spec, secrets);
  }

  async #resolve(spec: ConnectionSpec, secrets: SecretSource): Promise<ConnectionOptions> {
    const options = await resolveConnection(spec, secrets, readNetworkSettings(this.#env));
    const { token, basicAuth, proxy } = options;
    this.#used.add(token, basicAuth?.password, proxy?.authorization, proxyPassword(proxy?.url));
    return options;
  }

  /** Finds the connection that is selected, or why it can't be used. */
  #resolveSelected(selected: string | undefined): ResolvedConnection {
    if (selected === undefined) return this.#resolveEnvironment();
    const { profiles, mistakes } = this.profiles;
    const profile = profiles.find(({ name }) => name === selected);
    if (profile) return { profile, spec: specFromProfile(profile, this.#env), errors: [] };
    const inProfile = mistakes.filter(({ connection }) => connection === selected);
    // If the setting isn't an array, every profile is gone.
    const inSetting = mistakes.filter(({ connection }) => !connection);
    const relevant = inProfile.length > 0 ? inProfile : inSetting;
    const sentences = relevant.map(({ sentence }) => sentence);
    const error =
      sentences.length > 0
        ? vscode.l10n.t(
            'Can\'t use the connection "{0}". In the settings: {1}',
            selected,
            sentences.join(' '),
          )
        : vscode.l10n.t(
            'Can\'t find the connection "{0}" in the settings. Select another connection.',
            selected,
          );
    return { errors: [error] };
  }

  #resolveEnvironment(): ResolvedConnection {
    try {
      const address = userSetting('address').trim();
      if (address === '') return { spec: specFromEnvironment(this.#env), errors: [] };
      checkAddressSetting(address);
      const env = { ...this.#env, CONSUL_HTTP_ADDR: address };
      return { spec: specFromEnvironment(env), errors: [] };
    } catch (error) {
      if (!(error instanceof ConnectionError || error instanceof UserError)) throw error;
      return { errors: [error.message] };
    }
  }
}

function proxyPassword(url: string | undefined): string | undefined {
  return url === undefined ? undefined : decodeURIComponent(URL.parse(url)?.password ?? '');
}

/** A secret that the user has to enter. */
class NotStored extends Error {}

function notesOf({ notes, endpoint }: ConnectionSpec): readonly string[] {
  return endpoint.isDefault ? [defaultAddressMessage(endpoint), ...notes] : notes;
}

interface ResolvedConnection {
  readonly spec?: ConnectionSpec;
  readonly profile?: ConnectionProfile;
  /** One sentence each; empty when there is a `spec`. */
  readonly errors: readonly string[];
}

/**
 * Checks the address setting, so that an error names the setting and not the environment variable
 * that it replaces.
 * @throws UserError
 */
function checkAddressSetting(address: string): void {
  try {
    parseAddress(address);
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    const name = `${SETTINGS}.address`;
    throw new UserError(vscode.l10n.t('Setting "{0}": {1}', name, error.message));
  }
}

/** Requests the agent's own data, so that a problem shows before anything else happens. */
async function openAgent(
  spec: ConnectionSpec,
  consul: Consul,
  signal?: AbortSignal,
  shouldRetry?: ShouldRetry,
) {
  const self = await readAgent(consul, signal, shouldRetry);
  const datacenter = spec.datacenter ?? self?.datacenter ?? '';
  const isOtherDatacenter = spec.datacenter !== undefined && spec.datacenter !== self?.datacenter;
  return {
    consul: isOtherDatacenter ? consul.in(spec.datacenter) : consul,
    production: spec.production,
    datacenter,
    self,
  };
}

async function readAgent(
  consul: Consul,
  signal: AbortSignal | undefined,
  shouldRetry: ShouldRetry | undefined,
): Promise<AgentSelf | undefined> {
  for (;;) {
    try {
      return await readSelf(consul, signal);
    } catch (error) {
      if (!(error instanceof ConsulError && isRetryable(error))) throw error;
      if (!(await shouldRetry?.(error))) throw error;
    }
  }
}
