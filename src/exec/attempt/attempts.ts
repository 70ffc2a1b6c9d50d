import { t } from '@vscode/l10n';
import type { Consul } from '../../consul/consul.ts';
import {
  ConsulError,
  isRetryable,
  ServerError,
  TooLargeError,
} from '../../consul/errors/consulErrors.ts';
import { acquireKey, deleteTree, handOverKeys, MAX_HANDED_OVER } from '../../consul/kv.ts';
import { sleep } from '../../base/sleep.ts';
import { MAX_ATTEMPTS } from '../protocol/attemptLimits.ts';
import { type Job, requireFits } from '../protocol/job.ts';
import { ackKey, BEGUN_VALUE, runKeys, WITHDRAWN_JOB } from '../protocol/keys.ts';
import { type FenceResult, fenceNodes } from './fenceNodes.ts';
import { SESSION_TTL_SECONDS, SessionLease } from './sessionLease.ts';

/** What all attempts of a run share. */
export interface AttemptOptions {
  readonly consul: Consul;
  readonly prefix: string;
  /** The node that sessions belong to; undefined for the contacted agent. */
  readonly sessionNode: string | undefined;
  readonly job: Job;
  /** The job as agents read it. */
  readonly encodedJob: Buffer;
}

/** A session that the job is announced under, or that only holds fences. */
export interface Attempt {
  /** From 1 on. */
  readonly number: number;
  readonly lease: SessionLease;
  /** The prefix that the event's payload names. */
  readonly eventPrefix: string;
  readonly tree: string;
  readonly jobKey: string;
}

/**
 * A fence holds only while its session lives, so each session must outlive those before it, also when
 * nobody is left to destroy them in order (PROTOCOL.md §8.3).
 */
const TTL_STEP_SECONDS = 30;
const JOB_RETRY_FOR_MS = 10_000;
const JOB_RETRY_DELAY_MS = 500;
const CLOSE_RETRY_DELAY_MS = { min: 500, max: 4000 };

/** The attempts of a run in one datacenter, first to last, and which of them each node belongs to. */
export class Attempts {
  readonly #options: AttemptOptions;
  readonly #all: Attempt[] = [];
  /** Sessions that the job is not announced under, and that keep no node from running it. */
  readonly #helpers: SessionLease[] = [];
  readonly #byNode = new Map<string, Attempt>();
  readonly #gone = new AbortController();
  /** By trees of attempts. */
  readonly #fenced = new Map<string, Set<string>>();
  readonly #unconfirmed: { before: Attempt; attempt: Attempt; nodes: readonly string[] }[] = [];
  /** Nodes that may run an attempt that we do not know of. */
  readonly #sealed = new Set<string>();
  /** Attempts whose job is in the KV store. */
  readonly #withJob = new Set<Attempt>();
  /** Sessions are destroyed in order, each once. */
  #destroyed = 0;
  #anyFence = false;

  constructor(options: AttemptOptions) {
    this.#options = options;
  }

  get first(): Attempt {
    const [first] = this.#all;
    if (!first) throw new Error('a run begins with its first attempt');
    return first;
  }

  get all(): readonly Attempt[] {
    return this.#all;
  }

  /** Aborted once a server says that a session of the run is gone. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** The longest time after which Consul removes what is left of the run, in milliseconds. */
  get lifetimeMs(): number {
    return 2000 * Math.max(...this.#leases.map(({ ttlSeconds }) => ttlSeconds));
  }

  /** The longest time for which what nodes write can be read without a renewal, in milliseconds. */
  get readableMs(): number {
    return 2000 * Math.max(...this.#all.map(({ lease }) => lease.ttlSeconds));
  }

  get #leases(): SessionLease[] {
    return [...this.#all.map(({ lease }) => lease), ...this.#helpers];
  }

  /** The attempt that a node was last told of. */
  of(node: string): Attempt {
    return this.#byNode.get(node) ?? this.first;
  }

  /** Creates the session of a further attempt. Nothing is announced by this. */
  async open(signal: AbortSignal | undefined): Promise<Attempt> {
    const number = this.#all.length + 1;
    const ttlSeconds = SESSION_TTL_SECONDS + (number - 1) * TTL_STEP_SECONDS;
    const { consul, sessionNode: node } = this.#options;
    const lease = await SessionLease.open(consul, { node, ttlSeconds }, signal);
    return this.#add(lease);
  }

  /** Creates a session that is renewed and destroyed with the others. If it ends, the run continues. */
  async openHelper(
    signal: AbortSignal | undefined,
    ttlSeconds = SESSION_TTL_SECONDS,
  ): Promise<SessionLease> {
    const { consul, sessionNode: node } = this.#options;
    const lease = await SessionLease.open(consul, { node, ttlSeconds }, signal);
    this.#helpers.push(lease);
    return lease;
  }

  /**
   * Creates a session for `keepBegun`. It outlives all attempts: their nodes could begin again as soon
   * as it is gone.
   */
  openKeeper(signal: AbortSignal | undefined): Promise<SessionLease> {
    // After the attempts comes one that only holds fences.
    return this.openHelper(signal, SESSION_TTL_SECONDS + (MAX_ATTEMPTS + 1) * TTL_STEP_SECONDS);
  }

  /** Takes up such a session after the window was reloaded. */
  adoptHelper(session: string): SessionLease {
    const lease = SessionLease.adopt(this.#options.consul, session);
    this.#helpers.push(lease);
    return lease;
  }

  /**
   * Takes up an attempt that was made before the window was reloaded.
   * @param nodes that it was recorded for, before any of them was fenced or told
   */
  adopt(session: string, nodes: readonly string[]): void {
    const attempt = this.#add(SessionLease.adopt(this.#options.consul, session));
    if (attempt.number === 1 || nodes.length > 0) this.#withJob.add(attempt);
    if (attempt.number === 1) return;
    this.#anyFence = true;
    for (const [before, members] of Map.groupBy(nodes, (node) => this.of(node))) {
      this.#unconfirmed.push({ before, attempt, nodes: members });
    }
    this.assign(nodes, attempt);
  }

  /**
   * Places the fences of adopted attempts again: the window may have closed after an attempt was
   * recorded, but before its nodes were fenced. A node that had begun belongs to the attempt before.
   */
  async confirmFences(forMs: number, signal?: AbortSignal): Promise<readonly FenceResult[]> {
    const results: FenceResult[] = [];
    for (const { before, attempt, nodes } of this.#unconfirmed.splice(0)) {
      const result = await this.#fenceIn(before, nodes, attempt, forMs, signal);
      this.assign(result.begun, before);
      for (const node of result.unknown) this.#sealed.add(node);
      results.push(result);
    }
    return results;
  }

  /** Whether a node is surely kept from all attempts but the last it was told of. */
  mayTellAgain(node: string): boolean {
    return !this.#sealed.has(node);
  }

  /** Nodes whose ack key in this attempt holds a fence of ours. */
  fencedIn({ tree }: Attempt): Iterable<string> {
    return this.#fenced.get(tree) ?? [];
  }

  /**
   * Locks the job into the KV store, where the agents read it.
   * @throws JobTooLargeError where the agent did not tell its limit before; ConsulError
   */
  async writeJob(attempt: Attempt, signal: AbortSignal | undefined): Promise<void> {
    const { jobKey, lease } = attempt;
    const { consul, job, encodedJob } = this.#options;
    this.#withJob.add(attempt);
    const until = performance.now() + JOB_RETRY_FOR_MS;
    for (;;) {
      try {
        if (await acquireKey(consul, jobKey, lease.session, encodedJob, signal)) return;
        break;
      } catch (error) {
        if (error instanceof TooLargeError) requireFits(job, encodedJob, error.limit);
        // Nothing has happened yet, and the same session may lock its key twice.
        const mayRetry = error instanceof ConsulError && error.transient;
        if (!mayRetry || signal?.aborted || performance.now() > until) throw error;
        await sleep(JOB_RETRY_DELAY_MS, signal);
      }
    }
    throw new ServerError(200, t('the job key {0} is locked by another session', jobKey));
  }

  /**
   * Overwrites the jobs of all attempts, or of those before one. Their nodes must have begun or be
   * fenced: one that is started again, and receives the event once more, finds nothing to run
   * (PROTOCOL.md §8.7). The sessions keep their locks, which fences check.
   * @throws ConsulError
   */
  async withdrawJobs(before: Attempt | undefined, signal?: AbortSignal): Promise<void> {
    for (const attempt of this.#withJob) {
      if (attempt === before) continue;
      const { jobKey, lease } = attempt;
      await acquireKey(this.#options.consul, jobKey, lease.session, WITHDRAWN_JOB, signal);
      this.#withJob.delete(attempt);
    }
  }

  /** Whether the node's agent would run the job if it received the event again. */
  canBeginAgain(node: string): boolean {
    return this.#withJob.has(this.of(node));
  }

  /**
   * Hands the ack keys of nodes that have begun over to a session that no agent has, so that their
   * agents can't lock them again (PROTOCOL.md §8.7). Skips keys that the nodes' own session doesn't hold.
   * @throws ConsulError
   */
  async keepBegun(
    nodes: readonly string[],
    keeper: SessionLease,
    signal?: AbortSignal,
  ): Promise<void> {
    for (const [{ tree, lease }, members] of Map.groupBy(nodes, (node) => this.of(node))) {
      const lock = { from: lease.session, to: keeper.session, value: BEGUN_VALUE };
      const keys = members.flatMap((node) => ackKey(tree, node) ?? []);
      while (keys.length > 0) {
        const batch = keys.slice(0, MAX_HANDED_OVER);
        const refused = new Set(await handOverKeys(this.#options.consul, batch, lock, signal));
        // All or none: those that were not refused are tried again without the others.
        const rest = refused.size > 0 ? batch.filter((key) => !refused.has(key)) : [];
        keys.splice(0, batch.length, ...rest);
      }
    }
  }

  /** Whether a job is in the KV store that agents can run. */
  get anyJob(): boolean {
    return this.#withJob.size > 0;
  }

  /**
   * Keeps nodes from beginning the attempt that each was told of last. Only nodes that this says are
   * fenced may be told again.
   * @returns one result for each of those attempts
   */
  async fence(
    nodes: readonly string[],
    fencedBy: Attempt,
    forMs: number,
    signal?: AbortSignal,
  ): Promise<readonly FenceResult[]> {
    const results: FenceResult[] = [];
    for (const [attempt, members] of Map.groupBy(nodes, (node) => this.of(node))) {
      results.push(await this.#fenceIn(attempt, members, fencedBy, forMs, signal));
    }
    return results;
  }

  /** These nodes are told of the job by this attempt from now on. They must be fenced. */
  assign(nodes: readonly string[], attempt: Attempt): void {
    for (const node of nodes) this.#byNode.set(node, attempt);
  }

  /** @returns false when the server says that a session of an attempt is gone */
  async renew(): Promise<boolean> {
    await Promise.all(this.#leases.map((lease) => lease.renew()));
    return !this.#gone.signal.aborted;
  }

  /** Stops renewing, and leaves the sessions to their TTL. */
  abandon(): void {
    for (const lease of this.#leases) lease.abandon();
  }

  /**
   * Destroys the sessions, first to last, then deletes the tree: in any other order a late node could
   * still lock a key, and begin (PROTOCOL.md §1.9, PROTOCOL.md §8.3). Retries while the cluster is in trouble.
   * @param allExited every node has exited, so that none can begin. Then the tree goes first, which
   * Consul deletes as a whole, while a session's keys go one by one: with 10,000 nodes 0.2 s instead
   * of 0.5 to 1 s, in which the servers do nothing else
   * @param forMs how long to retry
   * @returns what went wrong, if sessions are left to expire
   */
  async close(allExited: boolean, forMs: number): Promise<unknown> {
    this.abandon();
    const until = performance.now() + forMs;
    const signal = AbortSignal.timeout(forMs);
    const { consul } = this.#options;
    const { tree } = this.first;
    let delayMs = CLOSE_RETRY_DELAY_MS.min;
    for (;;) {
      try {
        if (allExited && !this.#anyFence) {
          await deleteTree(consul, tree, signal).catch(ignoreRefusal);
        }
        const leases = this.#leases;
        while (this.#destroyed < leases.length) {
          await leases[this.#destroyed]?.destroy(signal);
          this.#destroyed++;
        }
        await deleteTree(consul, tree, signal);
        return undefined;
      } catch (error) {
        if (!isRetryable(error) || performance.now() + delayMs > until) return error;
      }
      await sleep(delayMs);
      delayMs = Math.min(CLOSE_RETRY_DELAY_MS.max, 2 * delayMs);
    }
  }

  async #fenceIn(
    { tree, jobKey, lease }: Attempt,
    nodes: readonly string[],
    fencedBy: Attempt,
    forMs: number,
    signal: AbortSignal | undefined,
  ): Promise<FenceResult> {
    this.#anyFence = true;
    const { session } = lease;
    const alsoOurs = new Set(this.#all.map((attempt) => attempt.lease.session));
    alsoOurs.delete(session);
    const by = fencedBy.lease.session;
    const request = { tree, jobKey, session, fencedBy: by, alsoOurs, nodes, forMs };
    const result = await fenceNodes(this.#options.consul, request, signal);
    const fenced = this.#fenced.get(tree) ?? new Set();
    this.#fenced.set(tree, fenced);
    for (const node of result.fenced) fenced.add(node);
    return result;
  }

  #add(lease: SessionLease): Attempt {
    const [first] = this.#all;
    const eventPrefix = first
      ? `${this.#options.prefix}/${first.lease.session}`
      : this.#options.prefix;
    const { tree, job: jobKey } = runKeys(eventPrefix, lease.session);
    const attempt = { number: this.#all.length + 1, lease, eventPrefix, tree, jobKey };
    this.#all.push(attempt);
    if (lease.gone.aborted) this.#gone.abort();
    lease.gone.addEventListener('abort', () => this.#gone.abort(), { once: true });
    return attempt;
  }
}

/** A token that can't delete keys can still end the session. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ConsulError) || isRetryable(error)) throw error;
}
