import type { Endpoint } from '../endpoint/address.ts';
import type { ConnectionOptions } from '../endpoint/connectionOptions.ts';
import { ConsulError, UnreachableError } from '../errors/consulErrors.ts';
import { TlsError } from '../errors/tlsError.ts';
import { Channel } from './channel.ts';
import type { HttpRequest, HttpResponse, Traffic } from './httpRequest.ts';
import type { SocketUse } from './socketPool.ts';

/** Credentials are read again at most this often, however many requests are refused. */
const REFRESH_INTERVAL_MS = 3000;

/**
 * HTTP to one agent, with the latest credentials: when they are refused, they are read again, and the
 * request is repeated once. A refused request had no effect, so this is safe for every request.
 */
export class Transport {
  readonly endpoint: Endpoint;
  readonly traffic: Traffic = { requests: 0, bytesRead: 0 };
  /** Whether catalog reads can be stale. */
  readonly stale: boolean;
  readonly #refresh: ConnectionOptions['refresh'];
  readonly #onOutcome: ConnectionOptions['onOutcome'];
  /** Includes channels with earlier credentials, until their pending requests have ended. */
  readonly #channels = new Set<Channel>();
  #channel: Channel;
  #refreshing: Promise<void> | undefined;
  #refreshedAt = -Infinity;
  #isClosed = false;

  constructor(options: ConnectionOptions) {
    this.endpoint = options.endpoint;
    this.stale = options.stale ?? false;
    this.#refresh = options.refresh;
    this.#onOutcome = options.onOutcome;
    this.#channel = new Channel(options, this.traffic);
    this.#channels.add(this.#channel);
  }

  get hasToken(): boolean {
    const { token } = this.#channel.options;
    return token !== undefined && token !== '';
  }

  /**
   * @throws TlsError, ProxyError, BasicAuthError, DamagedResponseError or UnreachableError if there is no
   * response from an agent; the signal's reason if it is aborted
   */
  async send(request: HttpRequest): Promise<HttpResponse> {
    try {
      const response = await this.#send(request);
      // A gateway responds with such a status while its agent is down.
      if (response.status < 500) this.#onOutcome?.(undefined);
      return response;
    } catch (error) {
      if (error instanceof UnreachableError && !this.#isClosed) this.#onOutcome?.(error);
      throw error;
    }
  }

  async #send(request: HttpRequest): Promise<HttpResponse> {
    const channel = this.#channel;
    try {
      const response = await channel.send(request);
      if (!refusesToken(response) || !(await this.#renew(channel))) return response;
    } catch (error) {
      if (!refusesCredentials(error) || !(await this.#renew(channel))) throw error;
    }
    return this.#channel.send(request);
  }

  /** How long a read of this use may wait for a change, so that other reads get their turn. */
  fairWait(use: SocketUse, waitMs: number): number {
    return this.#channel.fairWait(use, waitMs);
  }

  /** Lets go of the sockets; pending requests fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#channels].map((channel) => channel.close()));
  }

  /** @returns whether there are other credentials than those of the channel */
  async #renew(used: Channel): Promise<boolean> {
    if (this.#channel !== used) return true;
    const refresh = this.#refresh;
    if (!refresh || this.#isClosed) return false;
    if (!this.#refreshing) {
      const now = performance.now();
      if (now - this.#refreshedAt < REFRESH_INTERVAL_MS) return false;
      this.#refreshedAt = now;
      this.#refreshing = this.#replaceChannel(refresh).finally(() => {
        this.#refreshing = undefined;
      });
    }
    await this.#refreshing;
    return this.#channel !== used;
  }

  async #replaceChannel(refresh: () => Promise<ConnectionOptions>): Promise<void> {
    const old = this.#channel;
    // If a file is missing for a moment, the next refusal tries again.
    const options = await refresh().catch(() => undefined);
    if (!options || this.#isClosed || options.endpoint.label !== this.endpoint.label) return;
    if (credentialsOf(options) === credentialsOf(old.options)) return;
    this.#channel = new Channel(options, this.traffic);
    this.#channels.add(this.#channel);
    void old.retire().then(() => this.#channels.delete(old));
  }
}

function credentialsOf({ token, basicAuth, tls, proxy }: ConnectionOptions): string {
  return JSON.stringify([token, basicAuth, tls, proxy]);
}

/** Whether Consul refuses a token. Older servers use status 500 for that (PROTOCOL.md §5). */
function refusesToken({ status, body }: HttpResponse): boolean {
  if (status < 400) return false;
  return status === 403 || /ACL not found|Permission denied/.test(body.toString('latin1', 0, 1000));
}

function refusesCredentials(error: unknown): boolean {
  if (error instanceof TlsError) {
    return error.problem !== 'plainToTls' && error.problem !== 'tlsToPlain';
  }
  return error instanceof ConsulError && ['basicAuth', 'proxyPassword'].includes(error.kind);
}
