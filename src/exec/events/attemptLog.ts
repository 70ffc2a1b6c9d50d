import type { RunEvent } from './runEvent.ts';

/** A further session of a run: see the event `attempted`. */
export type FurtherAttempt = Extract<RunEvent, { kind: 'attempted' }>;

/**
 * The sessions of a run after its first, the nodes that each was for, and the nodes that are fenced:
 * enough to resume the run, and to say whether a node that did not respond can have run the job. A
 * pure fold over the run's events.
 */
export class AttemptLog {
  /** The sessions of the first attempt, one for each datacenter. */
  readonly #first = new Set<string>();
  readonly #further: FurtherAttempt[] = [];
  /** The further sessions that each node was meant for. */
  readonly #meantFor = new Map<string, Set<string>>();
  /** The sessions that each node is kept from. */
  readonly #keptFrom = new Map<string, Set<string>>();
  /** Sessions that keep nodes from beginning again. */
  readonly #keepers: Extract<RunEvent, { kind: 'kept' }>[] = [];
  #startedAt: number | undefined;
  /** When each node acknowledged the job, and at which attempt. */
  readonly #acknowledged = new Map<string, { readonly at: number; readonly attempt: number }>();

  apply(event: RunEvent): void {
    switch (event.kind) {
      case 'started':
        for (const { session } of event.sessions) this.#first.add(session);
        this.#startedAt = event.at;
        return;
      case 'attempted':
        this.#further.push(event);
        add(this.#meantFor, event.nodes, event.session);
        return;
      case 'fenced':
        add(this.#keptFrom, event.nodes, event.session);
        return;
      case 'kept':
        this.#keepers.push(event);
        return;
      case 'acknowledged': {
        const { at, node, attempt = 1 } = event;
        if (!this.#acknowledged.has(node)) this.#acknowledged.set(node, { at, attempt });
        return;
      }
      default:
    }
  }

  copy(): AttemptLog {
    const copy = new AttemptLog();
    for (const session of this.#first) copy.#first.add(session);
    copy.#further.push(...this.#further);
    for (const [node, sessions] of this.#meantFor) copy.#meantFor.set(node, new Set(sessions));
    for (const [node, sessions] of this.#keptFrom) copy.#keptFrom.set(node, new Set(sessions));
    copy.#keepers.push(...this.#keepers);
    copy.#startedAt = this.#startedAt;
    for (const [node, acknowledged] of this.#acknowledged) {
      copy.#acknowledged.set(node, acknowledged);
    }
    return copy;
  }

  /** The sessions in a datacenter that keep nodes from beginning again. */
  keepers(datacenter: string): readonly string[] {
    return this.#keepers
      .filter((event) => (event.datacenter ?? datacenter) === datacenter)
      .map(({ session }) => session);
  }

  /** In order, without the first. */
  get further(): readonly FurtherAttempt[] {
    return this.#further;
  }

  /**
   * Between which times a node began the job: its attempt was announced, and its acknowledgment was read.
   * @returns undefined for a node that did not acknowledge it
   */
  beganBetween(node: string): { readonly earliest: number; readonly latest: number } | undefined {
    const acknowledged = this.#acknowledged.get(node);
    if (!acknowledged || this.#startedAt === undefined) return undefined;
    const { at: latest, attempt } = acknowledged;
    const sessions = this.#meantFor.get(node);
    const further = this.#further.find(
      ({ session, attempt: number }) => number === attempt && sessions?.has(session),
    );
    return { earliest: further?.at ?? this.#startedAt, latest };
  }

  /** How many attempts the node was meant for, at least 1. */
  attemptsOf(node: string): number {
    return 1 + (this.#meantFor.get(node)?.size ?? 0);
  }

  /** Whether the node is fenced from every attempt that it was meant for: it never runs the job. */
  isFenced(node: string): boolean {
    const keptFrom = this.#keptFrom.get(node);
    if (!keptFrom || keptFrom.isDisjointFrom(this.#first)) return false;
    return this.#meantFor.get(node)?.isSubsetOf(keptFrom) ?? true;
  }
}

function add(sets: Map<string, Set<string>>, nodes: readonly string[], session: string): void {
  for (const node of nodes) {
    const sessions = sets.get(node) ?? new Set();
    sets.set(node, sessions.add(session));
  }
}
