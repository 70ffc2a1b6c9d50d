import * as vscode from 'vscode';
import { lockableServices } from '../../exec/ramp/stepsLock.ts';
import type { RunSettings } from '../base/settings.ts';
import { UserError } from '../base/userError.ts';
import type { ConnectionService } from '../connections/connectionService.ts';
import { placeIn } from '../connections/runPlace.ts';
import type { TargetChoice } from '../pick/chooseTargets.ts';
import { HeldLocks, type LockPlaces } from '../rollout/heldLocks.ts';
import { type Place, placeOf, requirePlace } from './returnToConnection.ts';

/** Where several steps on their own run. */
interface StepsPlace {
  readonly place: Place;
  readonly settings: RunSettings;
  /** All datacenters of the selection. */
  readonly datacenters: readonly string[];
}

/** What is settled before the first of them starts. */
export interface PreparedSteps {
  readonly where: StepsPlace;
  readonly locks: HeldLocks | undefined;
}

/**
 * Locks the services that the user selected, if the connection says so.
 * @throws UserError that names who has a lock, or if the connection is not the one of the review
 */
export async function prepareSteps(
  connections: ConnectionService,
  choice: TargetChoice,
): Promise<PreparedSteps> {
  const { settings, datacenters: all } = choice.session;
  const datacenters = all.all.map(({ datacenter }) => datacenter);
  const where = { place: reviewedPlace(connections, choice), settings, datacenters };
  return { where, locks: await lockServices(connections, choice, where) };
}

/** The services that these steps lock; undefined if the connection has no locks. */
export function servicesToLock(choice: TargetChoice): readonly string[] | undefined {
  const { session, selection } = choice;
  return session.connection.profile?.lockSteps === true ? lockableServices(selection) : undefined;
}

/** All steps run where the user reviewed them, although the user can switch the connection meanwhile. */
function reviewedPlace(connections: ConnectionService, { session }: TargetChoice): Place {
  const place = placeOf(connections);
  const { name, profile } = session.connection;
  if (place.name !== name) {
    throw new UserError(
      vscode.l10n.t(
        'You reviewed these steps on "{0}", but "{1}" is active. Switch to "{0}", and run them again.',
        name,
        place.name,
      ),
    );
  }
  if (place.profile !== JSON.stringify(profile ?? {})) {
    throw new UserError(
      vscode.l10n.t(
        'The settings of the connection "{0}" have changed since the review. Review the steps again.',
        name,
      ),
    );
  }
  return place;
}

async function lockServices(
  connections: ConnectionService,
  choice: TargetChoice,
  where: StepsPlace,
): Promise<HeldLocks | undefined> {
  const services = servicesToLock(choice) ?? [];
  if (services.length === 0) return undefined;
  const { startedBy, title } = choice.session;
  const { user, host } = await startedBy;
  const holder = { user, host, title, since: Date.now() };
  const saved = { services, holder, sessions: {} };
  const locks = new HeldLocks(saved, lockPlaces(connections, where));
  try {
    await locks.take();
    return locks;
  } catch (error) {
    await locks.release();
    throw error;
  }
}

/** @returns what throws UserError when another connection is active */
export function lockPlaces(
  connections: ConnectionService,
  { place, settings, datacenters }: StepsPlace,
): LockPlaces {
  return async () => {
    requirePlace(connections, place);
    const connection = await connections.open();
    const places = datacenters.map(async (datacenter) => {
      const { consul, options } = await placeIn(connection, datacenter, settings);
      const { prefix, sessionNode } = options;
      return [datacenter, { consul, prefix, sessionNode }] as const;
    });
    return new Map(await Promise.all(places));
  };
}
