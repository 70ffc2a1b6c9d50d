import { authorize } from '../../consul/acl.ts';
import type { Consul } from '../../consul/consul.ts';
import type { Permission } from '../../consul/errors/consulErrors.ts';
import { type PolicySubject, previewPermissions, runPermissions } from './policy.ts';

/** What the servers say about a token before a run. */
export interface Rights {
  /** Empty if the token has all permissions, or ACLs are off; undefined if servers don't say. */
  readonly missing: readonly Permission[] | undefined;
  /** No permissions are needed, and nothing is hidden from anyone. */
  readonly aclsOff: boolean;
}

/**
 * The permissions for a run that the connection's token lacks, determined without writing anything.
 * This covers neither the agents' own tokens nor sessions on an unknown node.
 * @returns empty if the token has all permissions, or ACLs are off; undefined if servers don't say
 * @throws UnknownTokenError, and other ConsulErrors if the request fails
 */
export async function missingPermissions(
  consul: Consul,
  subject: PolicySubject,
  signal?: AbortSignal,
): Promise<readonly Permission[] | undefined> {
  return (await readRights(consul, subject, signal)).missing;
}

/** The missing permissions, and whether ACLs are off. */
export async function readRights(
  consul: Consul,
  subject: PolicySubject,
  signal?: AbortSignal,
): Promise<Rights> {
  const needed = [...runPermissions(subject), ...previewPermissions()].filter(
    // Without a node this would ask for sessions on every node, which a sufficient token can lack.
    ({ resource, segment }) => resource !== 'session' || segment !== '',
  );
  const allowed = await authorize(consul, needed, signal);
  if (allowed === 'off') return { missing: [], aclsOff: true };
  const missing = allowed && needed.filter((_, i) => allowed[i] === false);
  return { missing, aclsOff: false };
}
