import { hostname, userInfo } from 'node:os';
import { readOwnToken } from '../../consul/acl.ts';
import type { Consul } from '../../consul/consul.ts';
import type { StartedBy } from '../../runs/model/startedBy.ts';

/** The user picks the targets meanwhile: this must not delay the start of a run. */
const TOKEN_TIMEOUT_MS = 2000;

/**
 * Who starts a run on this connection. Never rejects: what can't be read is left out.
 * @param isProposed whether an assistant proposed the run
 */
export async function whoStarts(consul: Consul, isProposed = false): Promise<StartedBy> {
  const proposed = isProposed ? { isProposed } : {};
  const local = { user: localUser(), host: hostname(), ...proposed };
  try {
    const token = await readOwnToken(consul, AbortSignal.timeout(TOKEN_TIMEOUT_MS));
    if (!token) return local;
    const { accessor, description } = token;
    return {
      ...local,
      tokenAccessor: accessor,
      ...(description === '' ? {} : { tokenDescription: description }),
    };
  } catch {
    return local;
  }
}

/** In containers, a user can have a number without a name. */
function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? String(process.getuid?.() ?? '');
  }
}
