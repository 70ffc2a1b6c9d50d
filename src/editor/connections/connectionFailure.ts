import { AddressError } from '../../consul/address.ts';
import { BasicAuthError } from '../../consul/basicAuthError.ts';
import { ConnectionError } from '../../consul/connection/connectionError.ts';
import { ConsulError, NotConsulError, UnknownTokenError } from '../../consul/errors.ts';
import { ProxyError } from '../../consul/proxyError.ts';
import { TlsError } from '../../consul/tlsError.ts';
import { UserError } from '../userError.ts';

/** Why the connection in use does not work; each has a welcome text of its own in the manifest. */
export const FAILURE_CAUSES = [
  'settings',
  'unreachable',
  'notConsul',
  'token',
  'password',
  'tls',
  'proxy',
  'refused',
] as const;

type FailureCause = (typeof FAILURE_CAUSES)[number];

export interface ConnectionFailure {
  readonly cause: FailureCause;
  /** What the user was told. */
  readonly sentence: string;
}

/** @returns undefined when it is not the connection that failed, such as for a question left unanswered */
export function failureOf(error: unknown): ConnectionFailure | undefined {
  const cause = causeOf(error);
  return cause && error instanceof Error ? { cause, sentence: error.message } : undefined;
}

function causeOf(error: unknown): FailureCause | undefined {
  if (error instanceof ConnectionError) {
    return error.problem === 'cancelled' ? undefined : 'settings';
  }
  if (error instanceof AddressError || error instanceof UserError) return 'settings';
  if (error instanceof NotConsulError) return 'notConsul';
  if (error instanceof UnknownTokenError) return 'token';
  if (error instanceof BasicAuthError) return 'password';
  if (error instanceof TlsError) return 'tls';
  if (error instanceof ProxyError) return 'proxy';
  if (!(error instanceof ConsulError)) return undefined;
  // Leaders that are away and proxies that wait for an agent are seen from here like an absent one.
  return error.transient ? 'unreachable' : 'refused';
}
