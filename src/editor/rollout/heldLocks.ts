import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { shorten } from '../../base/shorten.ts';
import { SessionLease } from '../../exec/attempt/sessionLease.ts';
import {
  type LockHolder,
  type LockPlace,
  lockSteps,
  StepsLockedError,
} from '../../exec/ramp/stepsLock.ts';
import { exactTimeLabel } from '../../runs/text/time.ts';
import { UserError } from '../base/userError.ts';

/** The locks of a run in steps, so that they can be taken up after a reload. */
export interface SavedLocks {
  readonly services: readonly string[];
  readonly holder: LockHolder;
  /** The sessions that have them, by datacenter. */
  readonly sessions: Readonly<Record<string, string>>;
}

/** The places of the locks, by datacenter. */
export type LockPlaces = () => Promise<ReadonlyMap<string, LockPlace>>;

/** The locks that a run in steps holds from its first step to its end. */
export class HeldLocks implements vscode.Disposable {
  readonly #saved: SavedLocks;
  readonly #places: LockPlaces;
  readonly #leases = new Map<string, SessionLease>();
  #isReleased = false;

  /** Nothing is locked by this. */
  constructor(saved: SavedLocks, places: LockPlaces) {
    this.#saved = saved;
    this.#places = places;
  }

  get saved(): SavedLocks {
    const sessions = Object.fromEntries(
      [...this.#leases].map(([datacenter, { session }]) => [datacenter, session]),
    );
    return { ...this.#saved, sessions: { ...this.#saved.sessions, ...sessions } };
  }

  /**
   * Takes the locks; those that it has already, again, because they can have been deleted.
   * @throws UserError that names who has a lock; ConsulError
   */
  async take(): Promise<void> {
    const { services, holder } = this.#saved;
    const places = await this.#places();
    this.#adopt(places);
    for (const [datacenter, place] of places) {
      const earlier = this.#leases.get(datacenter);
      try {
        const lease = await lockSteps(place, services, holder, earlier);
        if (lease !== earlier) earlier?.abandon();
        this.#leases.set(datacenter, lease);
      } catch (error) {
        throw error instanceof StepsLockedError ? new UserError(lockedMessage(error)) : error;
      }
    }
    // The steps were stopped meanwhile.
    if (this.#isReleased) await this.#destroy();
  }

  /** The run in steps is over. What can't be released now ends with its session. */
  async release(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    const isAnyLeft = Object.keys(this.#saved.sessions).some((name) => !this.#leases.has(name));
    const places = isAnyLeft ? await this.#places().catch(() => undefined) : undefined;
    if (places) this.#adopt(places);
    await this.#destroy();
  }

  async #destroy(): Promise<void> {
    const leases = [...this.#leases.values()];
    this.#leases.clear();
    await Promise.allSettled(leases.map((lease) => lease.destroy()));
  }

  /** Takes up the sessions of the window before a reload. */
  #adopt(places: ReadonlyMap<string, LockPlace>): void {
    for (const [datacenter, { consul }] of places) {
      const session = this.#saved.sessions[datacenter];
      if (session === undefined || this.#leases.has(datacenter)) continue;
      this.#leases.set(datacenter, SessionLease.adopt(consul, session));
    }
  }

  /** The window closes; another one can take the locks up. */
  dispose(): void {
    for (const lease of this.#leases.values()) lease.abandon();
  }
}

const MAX_TEXT_LENGTH = 60;

function lockedMessage({ service, holder }: StepsLockedError): string {
  if (!holder) {
    return vscode.l10n.t(
      'Another run in steps on the service "{0}" is in progress. Try again when it has ended.',
      displayName(service),
    );
  }
  const shown = (text: string) => shorten(displayName(text), MAX_TEXT_LENGTH);
  return vscode.l10n.t(
    'A run in steps on the service "{0}" is in progress: {1} on {2} started "{3}" at {4}. Try again when it has ended.',
    displayName(service),
    shown(holder.user),
    shown(holder.host),
    shown(holder.title),
    exactTimeLabel(holder.since),
  );
}
