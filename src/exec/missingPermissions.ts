import { authorize } from '../consul/acl.ts';
import type { Consul } from '../consul/consul.ts';
import type { Permission } from '../consul/errors.ts';
import { type PolicySubject, previewPermissions, runPermissions } from './policy.ts';

/** What the servers say of a token before a run. */
export interface Rights {
  /** Empty when all is allowed, or ACLs are off; undefined when the servers will not tell. */
  readonly missing: readonly Permission[] | undefined;
  /** Nobody needs any permission here, and nothing is hidden from anybody. */
  readonly aclsOff: boolean;
}

/**
 * What the connection's token may not do of what a run needs, found out without writing anything.
 * It tells nothing of the agents' own tokens; nor of the session, unless its node is known.
 * @returns empty when all is allowed, or ACLs are off; undefined when the servers will not tell
 * @throws UnknownTokenError, and others of ConsulError when the agent cannot be asked
 */
export async function missingPermissions(
  consul: Consul,
  subject: PolicySubject,
  signal?: AbortSignal,
): Promise<readonly Permission[] | undefined> {
  return (await readRights(consul, subject, signal)).missing;
}

/** The same, and whether there are ACLs at all. */
export async function readRights(
  consul: Consul,
  subject: PolicySubject,
  signal?: AbortSignal,
): Promise<Rights> {
  const needed = [...runPermissions(subject), ...previewPermissions()].filter(
    // A token that may hold sessions on its one node may not do so on every node.
    ({ resource, segment }) => resource !== 'session' || segment !== '',
  );
  const allowed = await authorize(consul, needed, signal);
  if (allowed === 'off') return { missing: [], aclsOff: true };
  const missing = allowed && needed.filter((_, i) => allowed[i] === false);
  return { missing, aclsOff: false };
}
