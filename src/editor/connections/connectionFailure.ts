import { AddressError } from '../../consul/endpoint/address.ts';
import { BasicAuthError } from '../../consul/errors/basicAuthError.ts';
import { ConnectionError } from '../../consul/connection/connectionError.ts';
import {
  ConsulError,
  NotConsulError,
  UnknownTokenError,
} from '../../consul/errors/consulErrors.ts';
import { ProxyError } from '../../consul/errors/proxyError.ts';
import { TlsError } from '../../consul/errors/tlsError.ts';
import { UserError } from '../base/userError.ts';

/** Why the active connection doesn't work. The manifest has a welcome text for each cause. */
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
  /** The message that the user saw. */
  readonly message: string;
}

/** @returns undefined when the connection isn't the cause, for example when the user canceled */
export function failureOf(error: unknown): ConnectionFailure | undefined {
  const cause = causeOf(error);
  return cause && error instanceof Error ? { cause, message: error.message } : undefined;
}

function causeOf(error: unknown): FailureCause | undefined {
  if (error instanceof ConnectionError) {
    return error.problem === 'canceled' ? undefined : 'settings';
  }
  if (error instanceof AddressError || error instanceof UserError) return 'settings';
  if (error instanceof NotConsulError) return 'notConsul';
  if (error instanceof UnknownTokenError) return 'token';
  if (error instanceof BasicAuthError) return 'password';
  if (error instanceof TlsError) return 'tls';
  if (error instanceof ProxyError) return 'proxy';
  if (!(error instanceof ConsulError)) return undefined;
  // A missing leader, or a proxy that waits for its agent, looks like an unreachable agent from here.
  return error.transient ? 'unreachable' : 'refused';
}
