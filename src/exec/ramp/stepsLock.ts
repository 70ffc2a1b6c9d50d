import * as v from 'valibot';
import type { Consul } from '../../consul/consul.ts';
import { acquireKey, findKey } from '../../consul/kv.ts';
import { parseJson } from '../../base/parseJson.ts';
import { SessionLease } from '../attempt/sessionLease.ts';
import type { TargetSelection } from '../targeting/targetSelection.ts';

/** Who has a lock, as its key says: text that anybody with write access to it can choose. */
export interface LockHolder {
  readonly user: string;
  readonly host: string;
  /** Of the run. */
  readonly title: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Another run in steps has the lock of a service. */
export class StepsLockedError extends Error {
  override readonly name = 'StepsLockedError';
  readonly service: string;
  /** Undefined if the key doesn't say. */
  readonly holder: LockHolder | undefined;

  constructor(service: string, holder: LockHolder | undefined) {
    super(`The steps of ${service} are locked.`);
    this.service = service;
    this.holder = holder;
  }
}

/** The services that can be locked for a selection: those that the user selected by name. */
export function lockableServices({ service }: TargetSelection): readonly string[] {
  return service.kind === 'exactly' ? service.names : [];
}

/** Where locks are in one datacenter. */
export interface LockPlace {
  /** Set to that datacenter. */
  readonly consul: Consul;
  readonly prefix: string;
  /** The node that the session belongs to; undefined for the contacted agent. */
  readonly sessionNode: string | undefined;
}

/**
 * Locks services for a run in steps, so that no other such run of any user starts meanwhile. The locks
 * end with their session: when it is destroyed, or up to four minutes after it was last renewed.
 * @param session the one that had the locks before the window was reloaded
 * @throws StepsLockedError; ConsulError. Then none is locked by a session of this call.
 */
export async function lockSteps(
  { consul, prefix, sessionNode: node }: LockPlace,
  services: readonly string[],
  holder: LockHolder,
  session?: string,
): Promise<SessionLease> {
  const lease = (await adopt(consul, session)) ?? (await SessionLease.open(consul, { node }));
  try {
    for (const service of services) {
      const key = lockKey(prefix, service);
      await lockOne(consul, key, service, lease.session, Buffer.from(JSON.stringify(holder)));
    }
    return lease;
  } catch (error) {
    // An earlier window's session can still have the other locks.
    if (lease.session === session) lease.abandon();
    else await lease.destroy().catch(() => undefined);
    throw error;
  }
}

async function adopt(consul: Consul, session: string | undefined) {
  if (session === undefined) return undefined;
  const lease = SessionLease.adopt(consul, session);
  if (await lease.renew()) return lease;
  lease.abandon();
  return undefined;
}

async function lockOne(
  consul: Consul,
  key: string,
  service: string,
  session: string,
  value: Buffer,
): Promise<void> {
  if (await acquireKey(consul, key, session, value)) return;
  const found = await findKey(consul, key);
  // Its holder let it go in between: the next try decides.
  if (found?.session === undefined && (await acquireKey(consul, key, session, value))) return;
  throw new StepsLockedError(service, found && holderIn(found.value));
}

const Holder = v.object({
  user: v.string(),
  host: v.string(),
  title: v.string(),
  since: v.number(),
});

function holderIn(value: Buffer): LockHolder | undefined {
  const parsed = v.safeParse(Holder, parseJson(value.toString()));
  return parsed.success ? parsed.output : undefined;
}

/** The end keeps a name such as `..` from being a segment of the path. */
function lockKey(prefix: string, service: string): string {
  return `${prefix}/steps/${encodeURIComponent(service)}.lock`;
}
