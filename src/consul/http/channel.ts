import { t } from '@vscode/l10n';
import { errorCode, errorMessage } from '../../base/errorMessage.ts';
import type { ConnectionOptions } from '../endpoint/connectionOptions.ts';
import { BasicAuthError } from '../errors/basicAuthError.ts';
import {
  ConsulError,
  DamagedResponseError,
  isFromGateway,
  UnreachableError,
} from '../errors/consulErrors.ts';
import { ProxyError } from '../errors/proxyError.ts';
import { isMarkup } from '../errors/responseText.ts';
import { isAnswerToPlain, TlsError, tlsProblem } from '../errors/tlsError.ts';
import { unreachableReason } from '../errors/unreachableReason.ts';
import { decompress } from './decompress.ts';
import type { HttpRequest, HttpResponse, Traffic } from './httpRequest.ts';
import { SocketPool, type SocketUse } from './socketPool.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
/** The part of a body that shows who sent it. */
const MAX_PAGE_BYTES = 8000;

/**
 * HTTP to one agent: keep-alive, gzip, bodies with a content length (1.8.7 treats a chunked event body as
 * empty), and no redirects (for an unescaped path Consul returns a 301 that would turn a PUT into a GET).
 */
export class Channel {
  readonly options: ConnectionOptions;
  readonly #traffic: Traffic;
  readonly #headers: Record<string, string>;
  readonly #pools = new Map<SocketUse, SocketPool>();
  readonly #pending = new Map<AbortController, Promise<HttpResponse>>();
  #isOver = false;
  /** Whether there was a response. If so, TLS works, and later errors are about the connection. */
  #hasResponded = false;

  /** @param traffic counts what this channel transfers */
  constructor(options: ConnectionOptions, traffic: Traffic) {
    const { token, basicAuth } = options;
    this.options = options;
    this.#traffic = traffic;
    this.#headers = { 'accept-encoding': 'gzip' };
    if (token) this.#headers['x-consul-token'] = token;
    if (basicAuth) {
      const pair = Buffer.from(`${basicAuth.user}:${basicAuth.password}`).toString('base64');
      this.#headers['authorization'] = `Basic ${pair}`;
    }
  }

  /**
   * @throws TlsError, ProxyError, BasicAuthError or UnreachableError if there is no response from an agent;
   * the signal's reason if it is aborted
   */
  send(request: HttpRequest): Promise<HttpResponse> {
    const controller = new AbortController();
    const sending = this.#send(request, controller).finally(() => {
      this.#pending.delete(controller);
      return this.#isOver && this.#pending.size === 0 ? this.#release() : undefined;
    });
    this.#pending.set(controller, sending);
    return sending;
  }

  /** How long a read of this use may wait for a change, so that other reads get their turn. */
  fairWait(use: SocketUse, waitMs: number): number {
    return this.#pool(use).fairWait(waitMs);
  }

  async #send(request: HttpRequest, controller: AbortController): Promise<HttpResponse> {
    const { method, query = {}, body, timeoutMs = DEFAULT_TIMEOUT_MS, signal } = request;
    const { endpoint } = this.options;
    const path = `${endpoint.pathPrefix}${request.path}${queryString(query)}`;
    const headers =
      body === undefined ? this.#headers : { ...this.#headers, 'content-type': contentType(body) };
    this.#traffic.requests++;
    const abort = () => controller.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => controller.abort(new NoResponseError(timeoutMs)), timeoutMs);
    const pool = this.#pool(request.use ?? 'prompt');
    try {
      signal?.throwIfAborted();
      const result = await pool.request(async (dispatcher) => {
        const response = await dispatcher.request({
          origin: endpoint.origin,
          path,
          method,
          headers,
          body: body ?? null,
          signal: controller.signal,
          headersTimeout: 0,
          bodyTimeout: timeoutMs,
        });
        clearTimeout(timer);
        const raw = Buffer.from(await response.body.arrayBuffer());
        this.#traffic.bytesRead += raw.length;
        const { statusCode: status, headers: found } = response;
        const encoding = String(found['content-encoding'] ?? '').toLowerCase();
        const whole = await decompress(raw, encoding).catch((cause: unknown) => {
          throw new DamagedResponseError(endpoint.label, encoding, cause);
        });
        return { status, headers: found, body: whole };
      });
      this.#hasResponded = true;
      this.#requireAgent(result);
      return result;
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#failure(error, pool.socketError);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Lets go of its sockets as soon as its pending requests have ended. */
  async retire(): Promise<void> {
    this.#isOver = true;
    await Promise.allSettled(this.#pending.values());
    await this.#release();
  }

  /** Lets go of its sockets; pending requests fail. */
  async close(): Promise<void> {
    for (const controller of this.#pending.keys()) controller.abort(new ClosedError());
    await this.retire();
  }

  /** A closed channel has none for longer than a request. */
  #pool(use: SocketUse): SocketPool {
    let pool = this.#pools.get(use);
    if (!pool) this.#pools.set(use, (pool = SocketPool.take(this.options, use)));
    return pool;
  }

  async #release(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.release()));
  }

  /** Detects responses of a proxy or of the TLS port that never reached the agent's API. */
  #requireAgent(response: HttpResponse): void {
    const { status, headers } = response;
    const { proxy, endpoint, basicAuth } = this.options;
    // Consul's own 401, for disabled ACLs, doesn't request authentication.
    if (status === 401 && /^basic/i.test(String(headers['www-authenticate']))) {
      throw new BasicAuthError(endpoint.label, basicAuth !== undefined);
    }
    if (proxy && status === 407) throw new ProxyError(proxy, endpoint.label, '407');
    const start = response.body.toString('utf8', 0, MAX_PAGE_BYTES);
    if (isAnswerToPlain(status, start)) {
      throw new TlsError('plainToTls', endpoint.label, String(status));
    }
    // A proxy can't respond inside a TLS connection.
    if (proxy && endpoint.origin.startsWith('http:') && isFromProxy(response, start)) {
      throw new ProxyError(proxy, endpoint.label, String(status), { body: start });
    }
  }

  /** @param socketError the last error of a socket to this agent */
  #failure(error: unknown, socketError: Error | undefined): ConsulError {
    if (error instanceof ConsulError) return error;
    const { endpoint, tls, proxy } = this.options;
    const cause = rootCause(error);
    const code = codeOf(cause);
    const detail = errorMessage(cause);
    const tlsCode = code === 'UND_ERR_SOCKET' ? errorCode(socketError) : code;
    const found = tlsProblem(tlsCode, tls?.cert !== undefined);
    const problem = found === 'other' && this.#hasResponded ? undefined : found;
    if (problem && endpoint.origin.startsWith('https:')) {
      return new TlsError(problem, endpoint.label, tlsCode, cause, tls?.caFrom);
    }
    if (proxy) {
      // undici reports the status only in its message.
      const status = /^Proxy .*\((\d{3})\)/.exec(detail)?.[1];
      if (problem || status !== undefined || NOT_CONNECTED.has(code)) {
        return new ProxyError(proxy, endpoint.label, status ?? code, { cause: error });
      }
    }
    const reason = cause instanceof NoResponseError ? detail : unreachableReason(code, detail);
    return new UnreachableError(endpoint.label, code, reason, error, endpoint.isDefault);
  }
}

/** Whether a proxy sent this response to a forwarded request, and not Consul. */
function isFromProxy({ status, headers }: HttpResponse, start: string): boolean {
  if (Object.keys(headers).some((name) => name.startsWith('x-consul-'))) return false;
  const isRedirect = status >= 300 && status < 400;
  return isRedirect || isMarkup(start, headers['content-type']) || isFromGateway(status, start);
}

/** The response did not begin in time. */
class NoResponseError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(timeoutMs: number) {
    super(
      t({
        message: 'no response within {0} s',
        args: [Math.ceil(timeoutMs / 1000)],
        comment: ["Used in: Couldn't reach a Consul agent at …: no response within 30 s."],
      }),
    );
  }
}

/** The connection was closed on our side. */
class ClosedError extends Error {
  readonly code = 'ECONNABORTED';
}

/** Codes of a connection that was never established; if there is a proxy, the connection to it. */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** undici's errors about a response that isn't HTTP don't always have a code. */
function codeOf(cause: unknown): string {
  const isParserError = cause instanceof Error && cause.name === 'HTTPParserError';
  return isParserError ? 'HPE_INVALID' : errorCode(cause);
}

/** Node reports an error for each address that it tried; undici wraps errors of a proxy's socket. */
function rootCause(error: unknown): unknown {
  if (error instanceof AggregateError) return rootCause(error.errors[0] as unknown);
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? cause : error;
}

function queryString(query: Readonly<Record<string, string | undefined>>): string {
  const parts = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [value === '' ? name : `${name}=${encodeURIComponent(value)}`];
  });
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function contentType(body: Uint8Array | string): string {
  return typeof body === 'string' ? 'application/json' : 'application/octet-stream';
}
