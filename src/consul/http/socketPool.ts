import type { Dispatcher } from 'undici';
import type { ConnectionOptions } from '../endpoint/connectionOptions.ts';
import { connect } from './dispatcher.ts';

/** What sockets are used for. Each use has its own, so that none has to wait for another. */
export type SocketUse = keyof typeof USES;

interface Use {
  /**
   * The maximum number of sockets; further requests queue. It is low because every tool on this host shares
   * the agent's limit: it resets the 201st connection from one address (`limits.http_max_conns_per_client`).
   */
  readonly sockets: number;
  /** How long a read may wait for a change while others want its socket; milliseconds. */
  readonly crowdedWaitMs: number;
}

const USES = {
  /** Requests that Consul handles immediately, among them session renewals and events. */
  prompt: { sockets: 6, crowdedWaitMs: 0 },
  /** Reads that wait for the results of a run, at least one for each datacenter. */
  results: { sockets: 10, crowdedWaitMs: 1000 },
  /** Reads that wait for a change of the catalog. Each returns the whole catalog, so they stay long. */
  catalog: { sockets: 6, crowdedWaitMs: 15_000 },
} as const satisfies Record<string, Use>;

/** All pools of this process. */
const pools = new Map<string, SocketPool>();

/**
 * The sockets to one agent for one use. Everything in this process that reaches the agent in the same way
 * shares them, so their number doesn't depend on how many runs are watched.
 */
export class SocketPool {
  readonly #key: string;
  readonly #options: ConnectionOptions;
  readonly #use: Use;
  #dispatcher: Promise<Dispatcher> | undefined;
  #holders = 0;
  /** Requests that have a socket, or wait for one. */
  #requests = 0;
  #socketError: Error | undefined;

  private constructor(key: string, options: ConnectionOptions, use: Use) {
    this.#key = key;
    this.#options = options;
    this.#use = use;
  }

  /** Takes part in the pool until `release`. */
  static take(options: ConnectionOptions, use: SocketUse): SocketPool {
    const { endpoint, tls, proxy } = options;
    const key = JSON.stringify([use, endpoint.origin, endpoint.socketPath, tls, proxy]);
    let pool = pools.get(key);
    if (!pool) pools.set(key, (pool = new SocketPool(key, options, USES[use])));
    pool.#holders++;
    return pool;
  }

  /** The error of the last broken socket; undefined after a response. */
  get socketError(): Error | undefined {
    return this.#socketError;
  }

  /**
   * How long a read may wait for a change, so that all reads get their turn: half of the sockets can be
   * held for as long as the reads want, the others change hands.
   */
  fairWait(waitMs: number): number {
    const { sockets, crowdedWaitMs } = this.#use;
    return this.#requests < sockets / 2 ? waitMs : Math.min(waitMs, crowdedWaitMs);
  }

  /**
   * Occupies a socket until the work is done.
   * @throws undici's errors
   */
  async request<T>(work: (dispatcher: Dispatcher) => Promise<T>): Promise<T> {
    this.#requests++;
    try {
      const result = await work(await this.#connect());
      this.#socketError = undefined;
      return result;
    } finally {
      this.#requests--;
    }
  }

  /** Closes the sockets if nobody else uses them. */
  async release(): Promise<void> {
    if (--this.#holders > 0) return;
    pools.delete(this.#key);
    const dispatcher = await this.#dispatcher?.catch(() => undefined);
    await dispatcher?.destroy();
  }

  /** After an error, the next request tries again. */
  #connect(): Promise<Dispatcher> {
    this.#dispatcher ??= connect(this.#options, this.#use.sockets, (error) => {
      this.#socketError = error;
    }).catch((error: unknown) => {
      this.#dispatcher = undefined;
      throw error;
    });
    return this.#dispatcher;
  }
}
