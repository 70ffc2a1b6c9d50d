import { promisify } from 'node:util';
import { gunzip, type ZlibOptions } from 'node:zlib';
import { t } from '@vscode/l10n';
import type { Dispatcher } from 'undici';
import type { Endpoint } from './address.ts';
import { BasicAuthError } from './basicAuthError.ts';
import type { ConnectionOptions } from './connectionOptions.ts';
import { connect, SOCKETS } from './dispatcher.ts';
import { ConsulError, UnreachableError } from './errors.ts';
import { letGo } from './letGo.ts';
import { ProxyError } from './proxyError.ts';
import { isAnswerToPlain, TlsError, tlsProblem } from './tlsError.ts';

export interface Request {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** From `/v1` on, each segment already escaped. */
  readonly path: string;
  /** `undefined` leaves a parameter out; an empty string sends it bare, as in `?keys`. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: Uint8Array | string;
  /**
   * How long the server may stay silent, in milliseconds; until the answer begins it counts from the
   * call, the wait for a socket included.
   */
  readonly timeoutMs?: number;
  /** The server may hold the answer back until something changes. */
  readonly waits?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Decompressed. */
  readonly body: Buffer;
}

/** What has gone over the wire so far. Bodies are counted as sent, that is, compressed. */
export interface Traffic {
  requests: number;
  bytesRead: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;

const unzipInto = promisify<Buffer, ZlibOptions, Buffer>(gunzip);
const LARGEST_PIECE = 16 * 1024 * 1024;

/**
 * Unpacks in one piece of memory, of the size that gzip writes at its end. Piece by piece it would
 * take several times as much, which the garbage collector is slow to notice.
 */
async function unzip(zipped: Buffer): Promise<Buffer> {
  const size = zipped.length > 18 ? zipped.readUInt32LE(zipped.length - 4) : 0;
  // One byte more than that tells it that nothing follows. The size is a word of the other side's.
  const chunkSize = Math.min(LARGEST_PIECE, Math.max(4096, size + 1));
  const body = await unzipInto(zipped, { chunkSize });
  letGo(zipped);
  return body;
}

/**
 * HTTP to one agent: keep-alive, gzip, bodies with a content length (1.8.7 takes a chunked event
 * body for an empty one), and no redirects (an unescaped path is answered with a 301 that would
 * turn a PUT into a GET).
 */
export class Transport {
  readonly endpoint: Endpoint;
  readonly traffic: Traffic = { requests: 0, bytesRead: 0 };
  readonly hasToken: boolean;
  /** Whether reads of the catalog may be stale. */
  readonly stale: boolean;
  readonly #options: ConnectionOptions;
  readonly #headers: Record<string, string>;
  readonly #dispatchers = new Map<keyof typeof SOCKETS, Promise<Dispatcher>>();
  /** What the last socket that broke ended in; undefined once an answer has come. */
  #socketError: Error | undefined;
  /** An answer has come: TLS as such works, and what breaks later is the connection. */
  #answered = false;

  constructor(options: ConnectionOptions) {
    const { endpoint, token, basicAuth, stale = false } = options;
    this.#options = options;
    this.endpoint = endpoint;
    this.hasToken = token !== undefined && token !== '';
    this.stale = stale;
    this.#headers = { 'accept-encoding': 'gzip' };
    if (token) this.#headers['x-consul-token'] = token;
    if (basicAuth) {
      const pair = Buffer.from(`${basicAuth.user}:${basicAuth.password}`).toString('base64');
      this.#headers['authorization'] = `Basic ${pair}`;
    }
  }

  /**
   * @throws TlsError, ProxyError, BasicAuthError, UnreachableError when no answer of an agent comes;
   * the signal's reason when it is aborted
   */
  async send(request: Request): Promise<Response> {
    const { method, query = {}, body, timeoutMs = DEFAULT_TIMEOUT_MS, signal } = request;
    const path = `${this.endpoint.pathPrefix}${request.path}${queryString(query)}`;
    const headers =
      body === undefined ? this.#headers : { ...this.#headers, 'content-type': contentType(body) };
    this.traffic.requests++;
    const giveUp = new AbortController();
    const abort = () => giveUp.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => giveUp.abort(new NoAnswerError(timeoutMs)), timeoutMs);
    try {
      signal?.throwIfAborted();
      const dispatcher = await this.#dispatcher(request.waits ? 'waiting' : 'prompt');
      const response = await dispatcher.request({
        origin: this.endpoint.origin,
        path,
        method,
        headers,
        body: body ?? null,
        signal: giveUp.signal,
        headersTimeout: 0,
        bodyTimeout: timeoutMs,
      });
      clearTimeout(timer);
      const raw = Buffer.from(await response.body.arrayBuffer());
      this.traffic.bytesRead += raw.length;
      const zipped = response.headers['content-encoding'] === 'gzip' && raw.length > 0;
      const answer = {
        status: response.statusCode,
        headers: response.headers,
        body: zipped ? await unzip(raw) : raw,
      };
      this.#socketError = undefined;
      this.#answered = true;
      this.#requireAgent(answer);
      return answer;
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#failure(error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Closes every socket; requests under way fail. */
  async close(): Promise<void> {
    const dispatchers = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    for (const making of dispatchers) {
      const dispatcher = await making.catch(() => undefined);
      await dispatcher?.destroy();
    }
  }

  /** What could not be made is made anew by the next request, and is nothing to close. */
  #dispatcher(kind: keyof typeof SOCKETS): Promise<Dispatcher> {
    let dispatcher = this.#dispatchers.get(kind);
    if (!dispatcher) {
      dispatcher = connect(this.#options, SOCKETS[kind], (error) => {
        this.#socketError = error;
      }).catch((error: unknown) => {
        this.#dispatchers.delete(kind);
        throw error;
      });
      this.#dispatchers.set(kind, dispatcher);
    }
    return dispatcher;
  }

  /** Some answers come from something on the way that the request never got past. */
  #requireAgent({ status, headers, body }: Response): void {
    const { proxy, endpoint, basicAuth } = this.#options;
    // Consul's own 401, for ACLs that are off, asks for nothing.
    if (status === 401 && /^basic/i.test(String(headers['www-authenticate']))) {
      throw new BasicAuthError(endpoint.label, basicAuth !== undefined);
    }
    if (proxy && status === 407) throw new ProxyError(proxy, endpoint.label, '407');
    if (isAnswerToPlain(status, body.toString('latin1', 0, 1000))) {
      throw new TlsError('plainToTls', endpoint.label, String(status));
    }
  }

  #failure(error: unknown): ConsulError {
    if (error instanceof ConsulError) return error;
    const { endpoint, tls, proxy } = this.#options;
    const cause = rootOf(error);
    const code = codeOf(cause);
    const detail = cause instanceof Error ? cause.message : String(cause);
    const tlsCode = code === 'UND_ERR_SOCKET' ? codeOf(this.#socketError) : code;
    const found = tlsProblem(tlsCode, tls?.cert !== undefined);
    const problem = found === 'other' && this.#answered ? undefined : found;
    if (problem && endpoint.origin.startsWith('https:')) {
      return new TlsError(problem, endpoint.label, tlsCode, cause);
    }
    if (proxy) {
      // undici tells the status only in its words.
      const status = /^Proxy .*\((\d{3})\)/.exec(detail)?.[1];
      if (problem || status !== undefined || NOT_CONNECTED.has(code)) {
        return new ProxyError(proxy, endpoint.label, status ?? code, error);
      }
    }
    return new UnreachableError(endpoint.label, code, detail, error);
  }
}

/** The time that a request may take until its answer begins is over. */
class NoAnswerError extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(timeoutMs: number) {
    super(t('no answer came within {0} s', Math.ceil(timeoutMs / 1000)));
  }
}

/** Codes of a connection that never was: with a proxy in between, it is the one to the proxy. */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}

/** Node tries several addresses and reports all; undici wraps what a proxy's socket reports. */
function rootOf(error: unknown): unknown {
  if (error instanceof AggregateError) return rootOf(error.errors[0] as unknown);
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
