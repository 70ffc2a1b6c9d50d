import * as v from 'valibot';
import type { Consul } from './consul.ts';
import { ServerError } from './errors/consulErrors.ts';

export interface SessionSpec {
  readonly name: string;
  /** Sessions expire after twice this time (PROTOCOL.md §3.7). 10 s to 24 h. */
  readonly ttlSeconds: number;
  /** The node that owns the session; required outside the agent's own datacenter. */
  readonly node?: string | undefined;
}

const Created = v.object({ ID: v.string() });

/**
 * Creates a session that deletes its keys when it ends. It has no checks: with the default
 * `serfHealth` check it would end when the contacted agent leaves (PROTOCOL.md §1.2).
 * @returns the session ID
 * @throws PermissionError if session:write is missing; ServerError for a rejected TTL
 */
export async function createSession(
  consul: Consul,
  spec: SessionSpec,
  signal?: AbortSignal,
): Promise<string> {
  const response = await consul.call({
    method: 'PUT',
    path: '/v1/session/create',
    body: JSON.stringify({
      Name: spec.name,
      Behavior: 'delete',
      TTL: `${spec.ttlSeconds}s`,
      LockDelay: '0s',
      NodeChecks: [],
      Checks: [], // the name before Consul 1.7
      ...(spec.node === undefined ? {} : { Node: spec.node }),
    }),
    needs: { resource: 'session', access: 'write', segment: spec.node ?? '' },
    signal,
  });
  const created = v.safeParse(Created, consul.parse(response));
  if (!created.success) throw consul.notConsul(response);
  return created.output.ID;
}

/**
 * Reads the minimum TTL of the servers (`session_ttl_min`) from the error for a shorter one: the API
 * reports it nowhere else (PROTOCOL.md §3.7, hashicorp/consul#1670).
 * @returns seconds, or undefined if the error has another reason
 */
export function minimumTtl(error: unknown): number | undefined {
  if (!(error instanceof ServerError) || !error.text.includes('Invalid Session TTL')) return;
  const [, minimum] = /between \[([0-9hms.]+)=/.exec(error.text) ?? [];
  return minimum === undefined ? undefined : durationSeconds(minimum);
}

/** Parses a Go duration of hours, minutes and seconds. Example: `2m0s`. */
function durationSeconds(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  const seconds = { h: 3600, m: 60, s: 1 };
  return parts.reduce((sum, [, n, unit]) => sum + Number(n) * seconds[unit as 'h' | 'm' | 's'], 0);
}

const Listed = v.array(v.object({ ID: v.string(), Name: v.string() }));

/**
 * @returns the ID of the session with this name; undefined if there is none, or if the token can't
 * read sessions
 */
export async function findSession(
  consul: Consul,
  name: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const response = await consul.call({
    method: 'GET',
    path: '/v1/session/list',
    query: { consistent: '' },
    needs: { resource: 'session', access: 'read', segment: '' },
    timeoutMs: 10_000,
    signal,
  });
  const listed = v.safeParse(Listed, consul.parse(response) ?? []);
  if (!listed.success) throw consul.notConsul(response);
  return listed.output.find((session) => session.Name === name)?.ID;
}

/** The result of a renewal. */
export interface Renewal {
  /** False only if a server reports that the session is gone. */
  readonly alive: boolean;
  /** The TTL that the session was created with, if the response contains it. */
  readonly ttlSeconds?: number | undefined;
}

const Renewed = v.array(v.object({ TTL: v.optional(v.string()) }));

/**
 * @throws ConsulError, also for the 404 of a proxy; the session can still be alive then
 */
export async function renewSession(
  consul: Consul,
  id: string,
  signal?: AbortSignal,
): Promise<Renewal> {
  const response = await consul.call({
    method: 'PUT',
    path: `/v1/session/renew/${id}`,
    accept: [404],
    needs: { resource: 'session', access: 'write', segment: '' },
    timeoutMs: 10_000,
    signal,
  });
  if (response.status === 404) {
    if (/^Session id '.*' not found/.test(response.body.toString())) return { alive: false };
    throw consul.notConsul(response);
  }
  const renewed = v.safeParse(Renewed, consul.parse(response));
  const ttl = renewed.success ? renewed.output[0]?.TTL : undefined;
  return { alive: true, ttlSeconds: ttl === undefined ? undefined : durationSeconds(ttl) };
}

/** Ends the session, which deletes every key it holds. Succeeds also if the session doesn't exist. */
export async function destroySession(
  consul: Consul,
  id: string,
  signal?: AbortSignal,
): Promise<void> {
  await consul.call({
    method: 'PUT',
    path: `/v1/session/destroy/${id}`,
    needs: { resource: 'session', access: 'write', segment: '' },
    timeoutMs: 10_000,
    signal,
  });
}
