import type { Consul } from '../consul/consul.ts';
import { ConsulError, mayPass } from '../consul/errors.ts';
import { createSession, destroySession, minimumTtl, renewSession } from '../consul/session.ts';
import { deleteTree } from '../consul/kv.ts';
import { withGrace } from './grace.ts';
import { sleep } from './sleep.ts';

/**
 * Consul ends a session at twice its TTL, so a closed laptop lid may stay closed for four minutes;
 * and should we crash, no node starts the job later than that.
 */
const SESSION_TTL_SECONDS = 120;
const RENEW_EVERY_MS = 15_000;
/** How long closing is tried; an election takes a few seconds, a server's restart some more. */
const CLOSE_FOR_MS = 30_000;
const CLOSE_AGAIN_MS = { least: 500, most: 4000 };
const SESSION_NAME = 'Remote Exec';

/**
 * A session kept alive. Unlike the CLI's it outlives failed renewals (an election is enough to fail
 * one): only the server's word that it is gone ends it.
 */
export class Lease {
  readonly session: string;
  /** Consul ends the session at twice this, once nobody renews it. */
  readonly ttlSeconds: number;
  readonly #consul: Consul;
  readonly #gone = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #closing = new AbortController();

  private constructor(consul: Consul, session: string, ttlSeconds: number) {
    this.#consul = consul;
    this.session = session;
    this.ttlSeconds = ttlSeconds;
    this.#timer = setInterval(() => void this.renew(), RENEW_EVERY_MS);
  }

  /**
   * @param node the node the session is to belong to; undefined for the agent spoken to
   * @param signal may be aborted already when this resolves: the session is there to be closed then
   * @throws ConsulError when the session cannot be made
   */
  static async open(consul: Consul, node?: string, signal?: AbortSignal): Promise<Lease> {
    const make = async (ttlSeconds: number) => {
      const spec = { name: SESSION_NAME, ttlSeconds, node };
      const id = await withGrace(signal, (late) => createSession(consul, spec, late));
      return new Lease(consul, id, ttlSeconds);
    };
    try {
      return await make(SESSION_TTL_SECONDS);
    } catch (error) {
      const ttlSeconds = minimumTtl(error);
      if (ttlSeconds === undefined) throw error;
      return await make(ttlSeconds);
    }
  }

  /** Keeps alive a session made earlier, such as before the window was reloaded. */
  static adopt(consul: Consul, session: string): Lease {
    return new Lease(consul, session, SESSION_TTL_SECONDS);
  }

  /** Aborted once the server says that the session is gone. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** @returns whether the session lives, as far as we can tell: trouble on the way is no answer. */
  async renew(): Promise<boolean> {
    try {
      const alive = await renewSession(this.#consul, this.session, this.#closing.signal);
      if (!alive) this.#gone.abort();
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

  /**
   * Destroys the session, then deletes the tree: the other way round a late node could still lock a
   * key, and begin (PROTOCOL.md §1.9). Tries again while the cluster is in trouble.
   * @param nobodyLate every node has exited, so that none can begin: then the tree goes first, which
   * Consul deletes as a whole, while a session's keys go one by one; of 10,000 nodes, 0.2 s instead
   * of 0.5 to 1 s, in which the servers do nothing else
   * @param forMs how long it is tried
   * @returns what went wrong, if the session is left to expire on its own
   */
  async close(tree: string, nobodyLate = false, forMs = CLOSE_FOR_MS): Promise<unknown> {
    this.abandon();
    const until = Date.now() + forMs;
    const signal = AbortSignal.timeout(forMs);
    let pauseMs = CLOSE_AGAIN_MS.least;
    for (;;) {
      try {
        if (nobodyLate) await deleteTree(this.#consul, tree, signal).catch(ignoreRefusal);
        await destroySession(this.#consul, this.session, signal);
        await deleteTree(this.#consul, tree, signal);
        return undefined;
      } catch (error) {
        if (!mayPass(error) || Date.now() + pauseMs > until) return error;
      }
      await sleep(pauseMs);
      pauseMs = Math.min(CLOSE_AGAIN_MS.most, 2 * pauseMs);
    }
  }
}

/** A token that may not delete keys may still end the session. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ConsulError) || mayPass(error)) throw error;
}
