import { authorize } from '../consul/acl.ts';
import type { Consul } from '../consul/consul.ts';
import type { Permission } from '../consul/errors.ts';
import { type PolicySubject, previewPermissions, runPermissions } from './policy.ts';

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
  const needed = [...runPermissions(subject), ...previewPermissions()].filter(
    // A token that may hold sessions on its one node may not do so on every node.
    ({ resource, segment }) => resource !== 'session' || segment !== '',
  );
  const allowed = await authorize(consul, needed, signal);
  return allowed && needed.filter((_, i) => allowed[i] === false);
}
