import * as v from 'valibot';
import type { Consul } from './consul.ts';
import { ServerError } from './errors.ts';

export interface SessionSpec {
  readonly name: string;
  /** Expiry comes at twice this (PROTOCOL.md §3.7). 10 s to 24 h. */
  readonly ttlSeconds: number;
  /** The node the session belongs to; needed outside the agent's own datacenter. */
  readonly node?: string | undefined;
}

const Created = v.object({ ID: v.string() });

/**
 * Makes a session that holds its keys, and takes them along when it ends. It has no checks: with
 * the default `serfHealth` it would die with the agent we talk to (PROTOCOL.md §1.2).
 * @returns the session's id
 * @throws PermissionError when session:write is missing; ServerError for a refused TTL
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
      Checks: [], // how agents before 1.7 spell it
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
 * The least TTL the servers allow (`session_ttl_min`), out of their refusal of a shorter one: they
 * tell it nowhere else (PROTOCOL.md §3.7, hashicorp/consul#1670).
 * @returns seconds, or undefined when the error is about something else
 */
export function minimumTtl(error: unknown): number | undefined {
  if (!(error instanceof ServerError) || !error.text.includes('Invalid Session TTL')) return;
  const [, least] = /between \[([0-9hms.]+)=/.exec(error.text) ?? [];
  if (least === undefined) return undefined;
  const parts = [...least.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  const seconds = { h: 3600, m: 60, s: 1 };
  return parts.reduce((sum, [, n, unit]) => sum + Number(n) * seconds[unit as 'h' | 'm' | 's'], 0);
}

/**
 * @returns false when the session is gone for good: the only final answer; errors may pass, also the
 * 404 of something between us and the agent
 */
export async function renewSession(
  consul: Consul,
  id: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const response = await consul.call({
    method: 'PUT',
    path: `/v1/session/renew/${id}`,
    accept: [404],
    needs: { resource: 'session', access: 'write', segment: '' },
    timeoutMs: 10_000,
    signal,
  });
  if (response.status !== 404) return true;
  if (/^Session id '.*' not found/.test(response.body.toString())) return false;
  throw consul.notConsul(response);
}

/** Ends the session; every key it holds is deleted. Also succeeds when it does not exist. */
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
