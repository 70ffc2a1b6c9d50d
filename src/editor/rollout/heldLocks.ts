import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { shorten } from '../../base/shorten.ts';
import type { SessionLease } from '../../exec/attempt/sessionLease.ts';
import {
  type LockHolder,
  type LockPlace,
  lockSteps,
  StepsLockedError,
} from '../../exec/ramp/stepsLock.ts';
import { clockLabel } from '../../runs/text/time.ts';
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
   * Locks what is not locked, as after a reload.
   * @throws UserError that names who has a lock; ConsulError
   */
  async take(): Promise<void> {
    const { services, holder, sessions } = this.#saved;
    for (const [datacenter, place] of await this.#places()) {
      const lease = this.#leases.get(datacenter);
      if (lease && (await lease.renew())) continue;
      lease?.abandon();
      const session = lease ? undefined : sessions[datacenter];
      try {
        this.#leases.set(datacenter, await lockSteps(place, services, holder, session));
      } catch (error) {
        throw error instanceof StepsLockedError ? new UserError(lockedMessage(error)) : error;
      }
    }
  }

  /** The run in steps is over. What can't be released now ends with its session. */
  async release(): Promise<void> {
    const leases = [...this.#leases.values()];
    this.#leases.clear();
    await Promise.allSettled(leases.map((lease) => lease.destroy()));
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
    clockLabel(holder.since),
  );
}
