import { t } from '@vscode/l10n';

/**
 * Everything that can go wrong between us and a Consul agent, as types: callers decide by class,
 * never by message. Messages are whole sentences for the user; they never hold a token.
 */
export abstract class ConsulError extends Error {
  abstract readonly kind: string;
  /** Known to pass: the cluster is between leaders, busy or briefly out of reach. */
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
  readonly status: number;

  constructor(address: string, status: number, start: string) {
    super(
      t(
        'What answers at {0} is not a Consul agent ({1}). Check the address and port.',
        address,
        `${status} ${start}`.trim(),
      ),
    );
    this.status = status;
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
  readonly permissions: readonly [Permission, ...Permission[]];

  /** @param permissions all that are known to be missing */
  constructor(permissions: readonly [Permission, ...Permission[]], hasToken: boolean) {
    super(sayMissing(permissions, hasToken));
    this.permissions = permissions;
  }
}

function sayMissing(permissions: readonly Permission[], hasToken: boolean): string {
  const what = permissions.map(describePermission).join(', ');
  if (!hasToken) {
    return t('Consul refuses: without a token you lack {0}. Provide a token that has it.', what);
  }
  return permissions.length === 1
    ? t('Consul refuses: your token lacks {0}. Add that rule to its policy.', what)
    : t('Consul refuses: your token lacks {0}. Add these rules to its policy.', what);
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

/** Texts of status 500 from a cluster between leaders, in which the request was not carried out. */
const BEFORE_IT_WAS_DONE: readonly string[] = [
  'No cluster leader',
  'No known Consul servers',
  'rpc error getting client',
  'node is not the leader',
  'leadership transfer in progress',
  'Raft leader not found in server lookup mapping',
  'Remote DC has no server currently reachable',
  'eady to serve consistent reads', // Not ready, or in other versions not Ready
];

/** Texts of status 500 from an agent or a server that lost the other in the middle of a request. */
const IN_THE_MIDST: readonly string[] = [
  'rpc error making call: EOF',
  'unexpected EOF',
  'leadership lost',
  'raft is already shutdown',
  'session shutdown',
  'stream closed',
  'broken pipe',
  'connection refused',
  'connection reset',
  'i/o timeout',
  'i/o deadline reached',
  'Timeout waiting for',
];

/** Texts of status 500 that refuse the request as such: Consul has no 4xx for most of these. */
const BAD_REQUEST =
  /Invalid |Missing |Cannot provide |must be |user event exceeds|failed session lookup|cross datacenter lock|invalid key name|Permission denied/;

/**
 * Status 500 is Consul's answer for bad requests and for clusters between leaders alike; only the
 * text tells them apart (texts of 1.8 to 1.22).
 */
function isTransient(text: string): boolean {
  return hasOneOf(text, BEFORE_IT_WAS_DONE) || hasOneOf(text, IN_THE_MIDST);
}

function hasOneOf(text: string, signs: readonly string[]): boolean {
  return signs.some((sign) => text.includes(sign));
}

/**
 * Whether a request that failed like this may succeed later, where the like of it did before: for
 * everything but a refusal. It takes more for passing trouble than `transient`: whatever a proxy or a
 * server in trouble says, in words that nobody has listed.
 */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof ConsulError)) return false;
  if (error.transient || error instanceof NotConsulError) return true;
  return error instanceof ServerError && error.status >= 500 && !BAD_REQUEST.test(error.text);
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

/** Envoy's 503 for an agent that was cut off, which may have been after it had the request. */
const CUT_BY_PROXY = /reset before headers|connection termination/;

/**
 * Whether a request that failed like this may have had its effect all the same: it was sent, and
 * only the answer got lost, between us and the agent or between the agent and a server. In doubt it
 * may.
 */
export function mayHaveDone(error: ConsulError): boolean {
  if (error instanceof UnreachableError) return !NEVER_SENT.has(error.code);
  if (error instanceof NotConsulError) return error.status >= 500;
  if (!(error instanceof ServerError) || error.status < 500) return false;
  if (error.status === 503) return CUT_BY_PROXY.test(error.text);
  return !hasOneOf(error.text, BEFORE_IT_WAS_DONE) && !BAD_REQUEST.test(error.text);
}
