import type { SocketUse } from './socketPool.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** The path from `/v1` on, with each segment already escaped. */
  readonly path: string;
  /** `undefined` omits a parameter; an empty string sends it without a value, as in `?keys`. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: Uint8Array | string;
  /**
   * How long to wait for the server, in milliseconds. Until the response begins, this counts from the
   * call and includes the wait for a socket; then it limits each pause in the body.
   */
  readonly timeoutMs?: number;
  /** Which sockets it uses: those for prompt requests by default. */
  readonly use?: SocketUse;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Decompressed. */
  readonly body: Buffer;
}

/** The traffic so far. Bodies count with their compressed size. */
export interface Traffic {
  requests: number;
  bytesRead: number;
}
