import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { Endpoint } from './address.ts';
import { UnreachableError } from './errors.ts';

/** How to reach one agent. */
export interface ConnectionOptions {
  readonly endpoint: Endpoint;
  readonly token?: string | undefined;
}

export interface Request {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** From `/v1` on, each segment already escaped. */
  readonly path: string;
  /** `undefined` leaves a parameter out; an empty string sends it bare, as in `?keys`. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: Uint8Array | string;
  /** How long the server may stay silent, in milliseconds. */
  readonly timeoutMs?: number;
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

/**
 * Few sockets: they are shared with every other tool on this host, and an agent resets the 201st
 * from one address (`limits.http_max_conns_per_client`).
 */
const MAX_SOCKETS = 6;
const DEFAULT_TIMEOUT_MS = 30_000;

const unzip = promisify(gunzip);

/**
 * HTTP to one agent: keep-alive, gzip, bodies with a content length (1.8.7 takes a chunked event
 * body for an empty one), and no redirects (an unescaped path is answered with a 301 that would
 * turn a PUT into a GET).
 */
export class Transport {
  readonly endpoint: Endpoint;
  readonly traffic: Traffic = { requests: 0, bytesRead: 0 };
  readonly hasToken: boolean;
  readonly #headers: Record<string, string>;
  #dispatcher: Promise<Dispatcher> | undefined;

  constructor({ endpoint, token }: ConnectionOptions) {
    this.endpoint = endpoint;
    this.hasToken = token !== undefined && token !== '';
    this.#headers = { 'accept-encoding': 'gzip' };
    if (token) this.#headers['x-consul-token'] = token;
  }

  /**
   * @throws UnreachableError when no answer comes; the signal's reason when it is aborted
   */
  async send(request: Request): Promise<Response> {
    const { method, query = {}, body, timeoutMs = DEFAULT_TIMEOUT_MS, signal } = request;
    const path = `${this.endpoint.pathPrefix}${request.path}${queryString(query)}`;
    const headers =
      body === undefined ? this.#headers : { ...this.#headers, 'content-type': contentType(body) };
    this.traffic.requests++;
    try {
      signal?.throwIfAborted();
      const dispatcher = await (this.#dispatcher ??= connect(this.endpoint));
      const response = await dispatcher.request({
        origin: this.endpoint.origin,
        path,
        method,
        headers,
        body: body ?? null,
        signal: signal ?? null,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const raw = Buffer.from(await response.body.arrayBuffer());
      this.traffic.bytesRead += raw.length;
      const zipped = response.headers['content-encoding'] === 'gzip' && raw.length > 0;
      return {
        status: response.statusCode,
        headers: response.headers,
        body: zipped ? await unzip(raw) : raw,
      };
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#unreachable(error);
    }
  }

  /** Closes every socket; requests under way fail. */
  async close(): Promise<void> {
    const dispatcher = await this.#dispatcher;
    this.#dispatcher = undefined;
    await dispatcher?.destroy();
  }

  #unreachable(error: unknown): UnreachableError {
    const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNKNOWN';
    const detail = cause instanceof Error ? cause.message : String(cause);
    return new UnreachableError(this.endpoint.label, code, detail, error);
  }
}

async function connect({ origin, socketPath }: Endpoint): Promise<Dispatcher> {
  // undici is a third of this product's code: it is read when the first request goes out.
  const { Pool } = await import('undici');
  return new Pool(origin, {
    connections: MAX_SOCKETS,
    ...(socketPath === undefined ? {} : { socketPath }),
  });
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
