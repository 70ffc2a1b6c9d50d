import * as v from 'valibot';
import type { Consul } from './consul.ts';
import { type Permission, UnknownTokenError } from './errors/consulErrors.ts';

const Verdicts = v.array(v.object({ Allow: v.boolean() }));

/** The endpoint's limit for one request (PROTOCOL.md §5). */
const MAX_PERMISSIONS = 64;

/** A token without its secret. */
export interface TokenIdentity {
  readonly accessor: string;
  /** Empty for none. */
  readonly description: string;
}

const Token = v.object({ AccessorID: v.string(), Description: v.optional(v.string(), '') });

/**
 * Reads which token the connection uses; every token can read itself.
 * @returns undefined without a token, if ACLs are disabled, or if the servers don't report it
 * @throws ConsulError
 */
export async function readOwnToken(
  consul: Consul,
  signal?: AbortSignal,
): Promise<TokenIdentity | undefined> {
  if (!consul.transport.hasToken) return undefined;
  const response = await consul.call({
    method: 'GET',
    path: '/v1/acl/token/self',
    accept: [401, 403, 404, 405],
    signal,
  });
  if (response.status !== 200) return undefined;
  const token = v.safeParse(Token, consul.parse(response));
  if (!token.success) return undefined;
  const { AccessorID, Description } = token.output;
  return { accessor: AccessorID, description: Description };
}

/**
 * Asks the servers what the connection's token can do, without doing it. This endpoint belongs to
 * Consul's own UI: it is undocumented, but unchanged from 1.8 to 1.23. A segment that is empty or ends
 * in a slash is checked as a prefix.
 * @returns one verdict for each permission, in order; `off` if ACLs are disabled; undefined if the
 * servers don't report it, because they are too old or the endpoint is blocked
 * @throws UnknownTokenError for a token that the cluster doesn't know; other ConsulErrors
 */
export async function authorize(
  consul: Consul,
  permissions: readonly Permission[],
  signal?: AbortSignal,
): Promise<readonly boolean[] | 'off' | undefined> {
  const allowed: boolean[] = [];
  for (let from = 0; from < permissions.length; from += MAX_PERMISSIONS) {
    const batch = permissions.slice(from, from + MAX_PERMISSIONS);
    const response = await consul.call({
      method: 'POST',
      path: '/v1/internal/acl/authorize',
      body: JSON.stringify(batch.map(toWire)),
      accept: [401, 403, 404, 405],
      retries: true,
      signal,
    });
    const text = response.body.toString('utf8', 0, 200);
    if (response.status === 401 && text.includes('ACL support disabled')) {
      return 'off';
    }
    if (text.includes('ACL not found')) throw new UnknownTokenError();
    if (response.status !== 200) return undefined;
    const verdicts = v.safeParse(Verdicts, consul.parse(response) ?? []);
    if (!verdicts.success || verdicts.output.length !== batch.length) return undefined;
    allowed.push(...verdicts.output.map(({ Allow }) => Allow));
  }
  return allowed;
}

function toWire({ resource, access, segment }: Permission) {
  const wholeTree = resource === 'key' && access === 'write' && segment.endsWith('/');
  return { Resource: resource, Access: wholeTree ? 'write-prefix' : access, Segment: segment };
}
