import { t } from '@vscode/l10n';

/**
 * Everything that can go wrong between us and a Consul agent, as types: callers decide by class,
 * never by message. Messages are whole sentences for the user; they never hold a token.
 */
export abstract class ConsulError extends Error {
  abstract readonly kind: string;
  /** Worth trying the same read again: the cluster is between leaders, busy or briefly out of reach. */
  readonly transient: boolean = false;
}

/** No HTTP answer at all: refused, unresolvable, reset, TLS failure, timed out. */
export class UnreachableError extends ConsulError {
  override readonly name = 'UnreachableError';
  readonly kind = 'unreachable';
  override readonly transient = true;
  readonly address: string;
  /** The operating system's, undici's or OpenSSL's code, such as `ECONNREFUSED`. */
  readonly code: string;

  constructor(address: string, code: string, detail: string, cause?: unknown) {
    super(
      t(
        'No Consul agent answers at {0}: {1}. Check the address, or start an agent there.',
        address,
        detail,
      ),
      { cause },
    );
    this.address = address;
    this.code = code;
  }
}

/** Something answered, but not as a Consul agent does. */
export class NotConsulError extends ConsulError {
  override readonly name = 'NotConsulError';
  readonly kind = 'notConsul';

  constructor(address: string, detail: string) {
    super(
      t(
        'What answers at {0} is not a Consul agent ({1}). Check the address and port.',
        address,
        detail,
      ),
    );
  }
}

/** What a call needs, in the words of an ACL rule; `segment` is the name or prefix it applies to. */
export interface Permission {
  readonly resource: 'agent' | 'event' | 'key' | 'node' | 'service' | 'session';
  readonly access: 'list' | 'read' | 'write';
  readonly segment: string;
}

/**
 * `key:write on "_rexec/"`, the form Consul itself uses from 1.12 on; `session:write` alone where
 * only the agent knows the name it applies to.
 */
export function describePermission({ resource, access, segment }: Permission): string {
  return segment === '' ? `${resource}:${access}` : `${resource}:${access} on "${segment}"`;
}

/** ACLs refuse the call. Older servers do not say which permission is missing; the caller knows. */
export class PermissionError extends ConsulError {
  override readonly name = 'PermissionError';
  readonly kind = 'permission';
  readonly permission: Permission;

  constructor(permission: Permission, hasToken: boolean) {
    const what = describePermission(permission);
    super(
      hasToken
        ? t('Consul refuses: your token lacks {0}. Add that rule to its policy.', what)
        : t('Consul refuses: without a token you lack {0}. Provide a token that has it.', what),
    );
    this.permission = permission;
  }
}

/** The token is not one the cluster knows. */
export class UnknownTokenError extends ConsulError {
  override readonly name = 'UnknownTokenError';
  readonly kind = 'unknownToken';

  constructor() {
    super(t('Consul does not know your token. It may be mistyped, deleted or of another cluster.'));
  }
}

/** The agent's own configuration forbids the call (`allow_write_http_from`, `block_endpoints`). */
export class BlockedError extends ConsulError {
  override readonly name = 'BlockedError';
  readonly kind = 'blocked';

  constructor(address: string, text: string) {
    super(
      t(
        'The agent at {0} does not allow this call ({1}). Its allow_write_http_from or block_endpoints setting forbids it.',
        address,
        text,
      ),
    );
  }
}

/** A body over one of the server's limits. */
export class TooLargeError extends ConsulError {
  override readonly name = 'TooLargeError';
  readonly kind = 'tooLarge';
  /** The limit in bytes, when the server names it. */
  readonly limit: number | undefined;

  constructor(text: string) {
    super(t('Consul refuses the request as too large: {0}', text));
    const limit = /max size: (\d+)/.exec(text)?.[1];
    this.limit = limit === undefined ? undefined : Number(limit);
  }
}

/** Any other answer that is not a success. */
export class ServerError extends ConsulError {
  override readonly name = 'ServerError';
  readonly kind = 'server';
  readonly status: number;
  /** The body, as the server wrote it. */
  readonly text: string;
  override readonly transient: boolean;

  constructor(status: number, text: string) {
    super(t('Consul answered with status {0}: {1}', status, text || t('no text')));
    this.status = status;
    this.text = text;
    this.transient = BUSY.has(status) || (status === 500 && isTransient(text));
  }
}

/** Rate limits, and what a reverse proxy answers for an agent that is away. */
const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Status 500 is Consul's answer for bad requests and for clusters between leaders alike; only the
 * text tells them apart (texts seen on 1.8.7).
 */
function isTransient(text: string): boolean {
  return [
    'No cluster leader',
    'No known Consul servers',
    'rpc error getting client',
    'rpc error making call: EOF',
    'leadership lost',
    'node is not the leader',
    'leadership transfer in progress',
    'raft is already shutdown',
    'session shutdown',
    'stream closed',
    'broken pipe',
    'connection refused',
    'connection reset',
    'i/o timeout',
    'not ready to serve consistent reads',
  ].some((sign) => text.includes(sign));
}

/** Codes of an attempt that never got as far as a request. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Whether a request that failed like this may have had its effect all the same: it was sent, and
 * only the answer got lost, between us and the agent or between the agent and a server.
 */
export function mayHaveDone(error: ConsulError): boolean {
  if (error instanceof UnreachableError) return !NEVER_SENT.has(error.code);
  if (!(error instanceof ServerError)) return false;
  if (error.status === 502 || error.status === 504) return true;
  // Text of an RPC that broke off; one that was refused names the reason instead (1.8.7).
  const broken =
    /rpc error making call: (?:EOF|.*(?:i\/o timeout|connection reset|broken pipe|stream closed|session shutdown))/;
  return error.status === 500 && broken.test(error.text);
}
