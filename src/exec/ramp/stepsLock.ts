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
 * Locks services for a run in steps, so that no other such run starts meanwhile that takes locks below the
 * same prefix. The locks end with their session: when it is destroyed, or up to four minutes after it was
 * last renewed. Those that it has already can be gone without it, so all are taken again.
 * @param earlier the session that has or had the locks; it is used as long as it lives
 * @returns that session, or a new one
 * @throws StepsLockedError; ConsulError. Then no new session is left.
 */
export async function lockSteps(
  { consul, prefix, sessionNode: node }: LockPlace,
  services: readonly string[],
  holder: LockHolder,
  earlier?: SessionLease,
): Promise<SessionLease> {
  const isAlive = earlier !== undefined && (await earlier.renew());
  const lease = isAlive ? earlier : await SessionLease.open(consul, { node });
  try {
    for (const service of services) {
      const key = lockKey(prefix, service);
      await lockOne(consul, key, service, lease.session, Buffer.from(JSON.stringify(holder)));
    }
    return lease;
  } catch (error) {
    if (lease !== earlier) await lease.destroy().catch(() => undefined);
    throw error;
  }
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

/** The latest time that a `Date` can have. */
const MAX_TIME = 8.64e15;

const Holder = v.object({
  user: v.string(),
  host: v.string(),
  title: v.string(),
  since: v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_TIME)),
});

function holderIn(value: Buffer): LockHolder | undefined {
  const parsed = v.safeParse(Holder, parseJson(value.toString()));
  return parsed.success ? parsed.output : undefined;
}

/** The end keeps a name such as `..` from being a segment of the path. */
function lockKey(prefix: string, service: string): string {
  return `${prefix}/steps/${encodeURIComponent(service)}.lock`;
}
