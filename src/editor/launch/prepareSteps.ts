import * as vscode from 'vscode';
import { lockableServices } from '../../exec/ramp/stepsLock.ts';
import type { RunSettings } from '../base/settings.ts';
import { UserError } from '../base/userError.ts';
import type { ConnectionService } from '../connections/connectionService.ts';
import { placeIn } from '../connections/runPlace.ts';
import type { TargetChoice } from '../pick/chooseTargets.ts';
import { HeldLocks, type LockPlaces } from '../rollout/heldLocks.ts';
import { type Place, placeOf, requirePlace } from './returnToConnection.ts';

/** What is settled before the first of several steps on their own starts. */
export interface PreparedSteps {
  readonly place: Place;
  readonly locks: HeldLocks | undefined;
}

/** Where all of them run. */
interface StepsPlace {
  readonly place: Place;
  readonly settings: RunSettings;
  readonly datacenters: readonly string[];
}

/**
 * Locks the services that the user selected, if the connection says so.
 * @throws UserError that names who has a lock, or if the connection is not the one of the review
 */
export async function prepareSteps(
  connections: ConnectionService,
  choice: TargetChoice,
): Promise<PreparedSteps> {
  const place = reviewedPlace(connections, choice);
  return { place, locks: await lockServices(connections, choice, place) };
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
  { session, selection }: TargetChoice,
  place: Place,
): Promise<HeldLocks | undefined> {
  const services = lockableServices(selection);
  if (session.connection.profile?.lockSteps !== true || services.length === 0) return undefined;
  const { user, host } = await session.startedBy;
  const holder = { user, host, title: session.title, since: Date.now() };
  const datacenters = session.datacenters.all.map(({ datacenter }) => datacenter);
  const places = lockPlaces(connections, { place, settings: session.settings, datacenters });
  const locks = new HeldLocks({ services, holder, sessions: {} }, places);
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
