import * as v from 'valibot';
import type { Consul } from './consul.ts';
import { type Permission, UnknownTokenError } from './errors.ts';

const Verdicts = v.array(v.object({ Allow: v.boolean() }));

/** The endpoint takes so many at once (PROTOCOL.md §5). */
const MAX_PERMISSIONS = 64;

/**
 * Asks the servers what the connection's token may do, without doing it. This is the endpoint of
 * Consul's own UI: undocumented, but unchanged from 1.8 to 1.23. A segment that is empty or ends in
 * a slash is asked about as a prefix.
 * @returns one answer for each permission, in order; `off` where ACLs are; undefined where the servers
 * do not tell: too old, or the endpoint is blocked
 * @throws UnknownTokenError for a token the cluster does not know, UnreachableError and the like
 */
export async function authorize(
  consul: Consul,
  permissions: readonly Permission[],
  signal?: AbortSignal,
): Promise<readonly boolean[] | 'off' | undefined> {
  const allowed: boolean[] = [];
  for (let from = 0; from < permissions.length; from += MAX_PERMISSIONS) {
    const some = permissions.slice(from, from + MAX_PERMISSIONS);
    const response = await consul.call({
      method: 'POST',
      path: '/v1/internal/acl/authorize',
      body: JSON.stringify(some.map(toWire)),
      accept: [401, 403, 404, 405],
      signal,
    });
    const text = response.body.toString('utf8', 0, 200);
    if (response.status === 401 && text.includes('ACL support disabled')) {
      return 'off';
    }
    if (text.includes('ACL not found')) throw new UnknownTokenError();
    if (response.status !== 200) return undefined;
    const verdicts = v.safeParse(Verdicts, consul.parse(response) ?? []);
    if (!verdicts.success || verdicts.output.length !== some.length) return undefined;
    allowed.push(...verdicts.output.map(({ Allow }) => Allow));
  }
  return allowed;
}

function toWire({ resource, access, segment }: Permission) {
  const wholeTree = resource === 'key' && access === 'write' && segment.endsWith('/');
  return { Resource: resource, Access: wholeTree ? 'write-prefix' : access, Segment: segment };
}
