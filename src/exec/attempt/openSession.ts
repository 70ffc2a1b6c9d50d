import { randomUUID } from 'node:crypto';
import type { Consul } from '../../consul/consul.ts';
import {
  ConsulError,
  mayHaveTakenEffect,
  UnreachableError,
} from '../../consul/errors/consulErrors.ts';
import { createSession, findSession, type SessionSpec } from '../../consul/session.ts';
import { sleep } from '../../base/sleep.ts';

/** Delays before a session is requested again. */
const RETRY_DELAYS_MS = [500, 1000, 2000, 4000];
const SESSION_NAME = 'Remote Exec';

/**
 * Creates a session, and tries again while Consul refuses for a moment: nothing depends on it yet. Its
 * name is unique, so that a session whose answer got lost is found instead of left behind.
 * @returns the session's id
 * @throws ConsulError
 */
export async function openSession(
  consul: Consul,
  spec: Omit<SessionSpec, 'name'>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const named = { ...spec, name: `${SESSION_NAME} ${randomUUID()}` };
  const delays = [...RETRY_DELAYS_MS];
  for (;;) {
    try {
      return await createSession(consul, named, signal);
    } catch (error) {
      if (!(error instanceof ConsulError)) throw error;
      const found = mayHaveTakenEffect(error) ? await look(consul, named.name, signal) : undefined;
      if (found !== undefined) return found;
      // An agent that does not answer at all is told at once; one that is busy is given its time.
      const mayRetry = error.transient && !(error instanceof UnreachableError);
      const delayMs = mayRetry ? delays.shift() : undefined;
      if (delayMs === undefined || signal?.aborted) throw error;
      await sleep(delayMs, signal);
      signal?.throwIfAborted();
    }
  }
}

/** The lookup can fail like the request before it, whose error is the one to report. */
async function look(
  consul: Consul,
  name: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    return await findSession(consul, name, signal);
  } catch (error) {
    if (error instanceof ConsulError) return undefined;
    throw error;
  }
}
