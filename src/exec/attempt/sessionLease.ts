import type { Consul } from '../../consul/consul.ts';
import { PermissionError } from '../../consul/errors/consulErrors.ts';
import { destroySession, minimumTtl, renewSession } from '../../consul/session.ts';
import { withDelayedAbort } from '../../base/delayedAbort.ts';
import { openSession } from './openSession.ts';

/**
 * Consul ends a session at twice its TTL, so a laptop's lid can stay closed for four minutes; and if
 * we crash, no node begins the job later than that.
 */
export const SESSION_TTL_SECONDS = 120;
const RENEW_INTERVAL_MS = 15_000;

export interface LeaseOptions {
  /** The node that the session belongs to; undefined for the contacted agent. */
  readonly node?: string | undefined;
  readonly ttlSeconds?: number;
}

/**
 * A session that is kept alive. Unlike the CLI's, it survives failed renewals (an election is enough
 * to fail one): it ends only when a server says that the session is gone.
 */
export class SessionLease {
  readonly session: string;
  #ttlSeconds: number;
  readonly #consul: Consul;
  readonly #gone = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #closing = new AbortController();

  private constructor(consul: Consul, session: string, ttlSeconds: number) {
    this.#consul = consul;
    this.session = session;
    this.#ttlSeconds = ttlSeconds;
    // A failed renewal is not retried before the next interval: sixteen fit into a session's life.
    this.#timer = setInterval(() => void this.renew(), RENEW_INTERVAL_MS);
  }

  /**
   * @param signal can be aborted by the time this resolves: the caller closes the session then
   * @throws ConsulError when the session can't be created
   */
  static async open(
    consul: Consul,
    { node, ttlSeconds = SESSION_TTL_SECONDS }: LeaseOptions = {},
    signal?: AbortSignal,
  ): Promise<SessionLease> {
    const create = async (seconds: number, on: string | undefined) => {
      const spec = { ttlSeconds: seconds, node: on };
      const id = await withDelayedAbort(signal, (late) => openSession(consul, spec, late));
      return new SessionLease(consul, id, seconds);
    };
    try {
      return await create(ttlSeconds, node);
    } catch (error) {
      // A policy can allow sessions on the contacted agent only, where none has to be named.
      if (error instanceof PermissionError && node !== undefined && isLocal(consul)) {
        return SessionLease.open(consul, { ttlSeconds }, signal);
      }
      const minimum = minimumTtl(error);
      if (minimum === undefined) throw error;
      // Sessions that hold fences must still expire later than those that they fence.
      return await create(minimum + Math.max(0, ttlSeconds - SESSION_TTL_SECONDS), node);
    }
  }

  /**
   * Keeps a session alive that was created earlier, such as before the window was reloaded. Its TTL is
   * known after the first renewal: a cluster's `session_ttl_min` can have raised it.
   */
  static adopt(consul: Consul, session: string): SessionLease {
    return new SessionLease(consul, session, SESSION_TTL_SECONDS);
  }

  /** Consul ends the session at twice this after the last renewal. */
  get ttlSeconds(): number {
    return this.#ttlSeconds;
  }

  /** Aborted once a server says that the session is gone. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** @returns false only if a server says that the session is gone; network errors count as alive */
  async renew(): Promise<boolean> {
    try {
      const signal = this.#closing.signal;
      const { alive, ttlSeconds } = await renewSession(this.#consul, this.session, signal);
      if (!alive) this.#gone.abort();
      else if (ttlSeconds) this.#ttlSeconds = ttlSeconds;
    } catch {
      // The next renewal tries again; the read loop reports lasting trouble.
    }
    return !this.#gone.signal.aborted;
  }

  /** Stops renewing, and leaves the session to its TTL. */
  abandon(): void {
    clearInterval(this.#timer);
    this.#closing.abort();
  }

  /** @throws ConsulError */
  async destroy(signal?: AbortSignal): Promise<void> {
    this.abandon();
    await destroySession(this.#consul, this.session, signal);
  }
}

function isLocal({ datacenter }: Consul): boolean {
  return datacenter === undefined;
}
