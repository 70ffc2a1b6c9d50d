import { t } from '@vscode/l10n';
import { shorten } from '../../base/shorten.ts';
import { isMarkup, responseText } from './responseText.ts';

/**
 * Everything that can go wrong between us and a Consul agent, as types: callers decide by class,
 * never by message. Messages are complete sentences for the user and never contain a token.
 */
export abstract class ConsulError extends Error {
  abstract readonly kind: string;
  /** Known to be temporary: the cluster has no leader, is busy or can't be reached for a moment. */
  readonly transient: boolean = false;
  /** Whether the agent may have executed the request, although there is no usable response. */
  readonly isOutcomeUnknown: boolean = false;
}

/** There is no HTTP response: connection refused or reset, name not resolved, timeout. */
export class UnreachableError extends ConsulError {
  override readonly name = 'UnreachableError';
  readonly kind = 'unreachable';
  override readonly transient = true;
  readonly address: string;
  /** A code of the operating system, undici or OpenSSL: for example `ECONNREFUSED`. */
  readonly code: string;

  /**
   * @param reason a clause. Example: "the connection was refused"
   * @param isDefault whether nothing names an agent, so that this is the default address
   */
  constructor(address: string, code: string, reason: string, cause?: unknown, isDefault = false) {
    super(
      isDefault
        ? t(
            "Couldn't reach a Consul agent at {0}: {1}. No connection is selected and CONSUL_HTTP_ADDR isn't set in the environment of VS Code, so this is the default address.",
            address,
            reason,
          )
        : t(
            "Couldn't reach a Consul agent at {0}: {1}. Check the address, or start an agent there.",
            address,
            reason,
          ),
      { cause },
    );
    this.address = address;
    this.code = code;
  }
}

/** There is a response, but not one of a Consul agent. */
export class NotConsulError extends ConsulError {
  override readonly name = 'NotConsulError';
  readonly kind = 'notConsul';
  readonly status: number;

  /** @param body of the response; its text is shortened for the message */
  constructor(address: string, status: number, body: string) {
    super(
      t(
        "{0} isn't a Consul agent ({1}). Check the address and port.",
        address,
        `${status} ${shorten(responseText(body), 40)}`.trim(),
      ),
    );
    this.status = status;
  }
}

/** The body can't be decompressed: something between us and the agent damages responses. */
export class DamagedResponseError extends ConsulError {
  override readonly name = 'DamagedResponseError';
  readonly kind = 'damagedResponse';
  override readonly transient = true;
  override readonly isOutcomeUnknown = true;

  constructor(address: string, encoding: string, cause?: unknown) {
    super(
      t(
        "The response from {0} is damaged: its {1} compression can't be read. Check the proxy or gateway in between.",
        address,
        encoding,
      ),
      { cause },
    );
  }
}

/** A permission in the terms of an ACL rule; `segment` is the name or prefix that it applies to. */
export interface Permission {
  readonly resource: 'agent' | 'event' | 'key' | 'node' | 'service' | 'session';
  readonly access: 'list' | 'read' | 'write';
  readonly segment: string;
}

/**
 * Formats a permission as Consul does since 1.12: `key:write on "_rexec/"`. Returns `session:write`
 * alone if only the agent knows the name that it applies to.
 */
export function describePermission({ resource, access, segment }: Permission): string {
  return segment === '' ? `${resource}:${access}` : `${resource}:${access} on "${segment}"`;
}

/** ACLs deny the request. Older servers don't name the missing permission, but the caller knows it. */
export class PermissionError extends ConsulError {
  override readonly name = 'PermissionError';
  readonly kind = 'permission';
  readonly permissions: readonly [Permission, ...Permission[]];

  /** @param permissions all permissions that are known to be missing */
  constructor(permissions: readonly [Permission, ...Permission[]], hasToken: boolean) {
    super(missingPermissionsMessage(permissions, hasToken));
    this.permissions = permissions;
  }
}

function missingPermissionsMessage(permissions: readonly Permission[], hasToken: boolean): string {
  const list = permissions.map(describePermission).join(', ');
  const isSingle = permissions.length === 1;
  if (!hasToken) {
    return isSingle
      ? t(
          'Consul denied the request: without a token you lack {0}. Use a token that has this permission.',
          list,
        )
      : t(
          'Consul denied the request: without a token you lack {0}. Use a token that has these permissions.',
          list,
        );
  }
  return isSingle
    ? t('Consul denied the request: your token lacks {0}. Add that rule to its policy.', list)
    : t('Consul denied the request: your token lacks {0}. Add these rules to its policy.', list);
}

/** The cluster doesn't know the token. */
export class UnknownTokenError extends ConsulError {
  override readonly name = 'UnknownTokenError';
  readonly kind = 'unknownToken';

  constructor() {
    super(
      t("Consul doesn't know your token. It may be mistyped, deleted or from another cluster."),
    );
  }
}

/** The agent's configuration forbids the request (`allow_write_http_from`, `block_endpoints`). */
export class BlockedError extends ConsulError {
  override readonly name = 'BlockedError';
  readonly kind = 'blocked';

  constructor(address: string, text: string) {
    super(
      t(
        "The agent at {0} doesn't allow this request ({1}). Its allow_write_http_from or block_endpoints setting forbids it.",
        address,
        text,
      ),
    );
  }
}

/** The request body exceeds a limit of the server. */
export class TooLargeError extends ConsulError {
  override readonly name = 'TooLargeError';
  readonly kind = 'tooLarge';
  /** The limit in bytes, if the server names it. */
  readonly limit: number | undefined;

  constructor(text: string) {
    super(t('Consul rejected the request as too large: {0}', responseText(text)));
    const limit = /max size: (\d+)/.exec(text)?.[1];
    this.limit = limit === undefined ? undefined : Number(limit);
  }
}

/** Any other response with an error status. */
export class ServerError extends ConsulError {
  override readonly name: string = 'ServerError';
  readonly kind: string = 'server';
  readonly status: number;
  /** The body of the response. */
  readonly text: string;
  override readonly transient: boolean;

  /** @param message replaces the usual one */
  constructor(status: number, text: string, message?: string) {
    super(
      message ??
        t('Consul responded with status {0}: {1}', status, responseText(text) || noTextLabel()),
    );
    this.status = status;
    this.text = text;
    this.transient = BUSY_STATUSES.has(status) || (status === 500 && isTransient(text));
  }
}

/** A reverse proxy or load balancer in front of the agent responds instead of it. */
export class GatewayError extends ServerError {
  override readonly name = 'GatewayError';
  override readonly kind = 'gateway';

  constructor(address: string, status: number, text: string) {
    const reason = responseText(text);
    super(
      status,
      text,
      t(
        'A gateway in front of {0} responded instead of Consul ({1}). Check that it can reach the agent, or try again.',
        address,
        reason.startsWith(String(status)) ? reason : `${status} ${reason}`.trim(),
      ),
    );
  }
}

/** Whether only a gateway can have sent this: Consul has no such status, or another text for it. */
export function isFromGateway(status: number, text: string): boolean {
  if (status === 502 || status === 504) return true;
  return (status === 503 && !RATE_LIMITED.test(text)) || (status === 429 && isMarkup(text));
}

function noTextLabel(): string {
  return t({
    message: 'no text',
    args: [],
    comment: ['Stands for the missing text in: Consul responded with status 500: no text'],
  });
}

/** Rate limits, and what a reverse proxy returns for an unavailable agent. */
const BUSY_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Texts of status 500 from a cluster without a leader, which didn't execute the request. */
const NOT_EXECUTED: readonly string[] = [
  'No cluster leader',
  'No known Consul servers',
  'rpc error getting client',
  'node is not the leader',
  'leadership transfer in progress',
  'Raft leader not found in server lookup mapping',
  'Remote DC has no server currently reachable',
  'eady to serve consistent reads', // "Not ready", or "Not Ready" in other versions
];

/** Texts of status 500 when the connection between agent and server broke during a request. */
const INTERRUPTED: readonly string[] = [
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

/** Texts of status 500 for bad requests: Consul has no 4xx for most of these. */
const BAD_REQUEST =
  /Invalid |Missing |Cannot provide |must be |user event exceeds|failed session lookup|cross datacenter lock|invalid key name|Permission denied/;

/**
 * Consul uses status 500 both for bad requests and for clusters without a leader; only the text
 * distinguishes them (texts of 1.8 to 1.22).
 */
function isTransient(text: string): boolean {
  return hasOneOf(text, NOT_EXECUTED) || hasOneOf(text, INTERRUPTED);
}

function hasOneOf(text: string, parts: readonly string[]): boolean {
  return parts.some((part) => text.includes(part));
}

/**
 * Whether a request that failed like this can succeed later, if similar requests succeeded before: true
 * for everything but a refusal. This includes more than `transient`: also proxies and servers in trouble
 * whose error texts aren't listed here.
 */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof ConsulError)) return false;
  if (error.transient || error instanceof NotConsulError || error.kind === 'proxy') return true;
  return error instanceof ServerError && error.status >= 500 && !BAD_REQUEST.test(error.text);
}

/** Codes of attempts that failed before the request was sent. */
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
 * Consul refuses too many requests with this text before it executes anything. Any other 503 comes from
 * a proxy, and the agent may have executed the request (PROTOCOL.md §3.6).
 */
export const RATE_LIMITED = /^rate limit exceeded/i;

/**
 * Whether a read that failed like this is worth another try at once: the servers or a gateway are busy
 * or without a leader for a moment, or the connection broke. An agent that can't be reached at all is
 * reported without delay.
 */
export function isMomentary(error: unknown): boolean {
  if (error instanceof UnreachableError) return BROKEN.has(error.code);
  if (error instanceof ServerError || error instanceof DamagedResponseError) return error.transient;
  return error instanceof ConsulError && error.kind === 'proxy' && error.transient;
}

/** Codes of connections that broke, and of a name server that is busy. */
const BROKEN: ReadonlySet<string> = new Set(['EAI_AGAIN', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * Whether a failed request may have taken effect: it was sent, and only the response was lost between us
 * and the agent, or between the agent and a server. True in doubt.
 */
export function mayHaveTakenEffect(error: ConsulError): boolean {
  if (error.isOutcomeUnknown) return true;
  if (error instanceof UnreachableError) return !NEVER_SENT.has(error.code);
  if (error instanceof NotConsulError) return error.status >= 500;
  if (!(error instanceof ServerError) || error.status < 500) return false;
  if (error.status === 503) return !RATE_LIMITED.test(error.text);
  return !hasOneOf(error.text, NOT_EXECUTED) && !BAD_REQUEST.test(error.text);
}
