import { sleep } from '../base/sleep.ts';
import { goDuration } from './duration.ts';
import { datacenterRefusal } from './errors/datacenterErrors.ts';
import {
  BlockedError,
  type ConsulError,
  GatewayError,
  isFromGateway,
  isMomentary,
  NotConsulError,
  type Permission,
  PermissionError,
  ServerError,
  TooLargeError,
  UnknownTokenError,
} from './errors/consulErrors.ts';
import { LimitError, limitOf } from './errors/limitError.ts';
import { isMarkup, responseText } from './errors/responseText.ts';
import type { HttpRequest, HttpResponse } from './http/httpRequest.ts';
import { Transport } from './http/transport.ts';
import type { ConnectionOptions } from './endpoint/connectionOptions.ts';

/** A request, and how to interpret a refusal of it. */
export interface Call extends HttpRequest {
  /** The permission that the request needs; the error names it if ACLs deny the request. */
  readonly needs?: Permission;
  /** Statuses that are results rather than errors here: for example, 404 for "no such key". */
  readonly accept?: readonly number[];
  /** A catalog read, which any server can handle if the connection allows stale reads. */
  readonly staleOk?: boolean;
  /** A read that is repeated for some seconds while Consul is busy or has no leader. */
  readonly retries?: boolean;
  /** A read that waits for a change. */
  readonly wait?: Wait | undefined;
}

/** A read with this waits until something changes past `index`, but no longer than `waitMs`. */
export interface Wait {
  readonly index: number;
  readonly waitMs: number;
}

/** The part of a body that is read for an error. A web page can have a long head before its title. */
const MAX_ERROR_BYTES = 8000;
/** How long to wait before each repetition of a read that failed for a moment. */
const RETRY_DELAYS_MS: readonly number[] = [250, 500, 1000, 2000, 3000];

/**
 * One Consul agent's HTTP API. Requests go to `datacenter` if it is set, otherwise to the agent's own
 * datacenter. The other files in this folder implement the API calls, one subject per file.
 */
export class Consul {
  readonly datacenter: string | undefined;
  readonly transport: Transport;

  constructor(connection: ConnectionOptions | Transport, datacenter?: string) {
    this.transport = connection instanceof Transport ? connection : new Transport(connection);
    this.datacenter = datacenter;
  }

  /** The same agent and sockets, with requests for another datacenter. */
  in(datacenter: string | undefined): Consul {
    return new Consul(this.transport, datacenter);
  }

  /**
   * @throws ConsulError of the matching class; the signal's reason if it is aborted
   */
  async call(call: Call): Promise<HttpResponse> {
    const delays = call.retries ? [...RETRY_DELAYS_MS] : [];
    for (;;) {
      try {
        return await this.#callOnce(call);
      } catch (error) {
        const delayMs = isMomentary(error) ? delays.shift() : undefined;
        if (delayMs === undefined) throw error;
        await sleep(delayMs * (0.75 + Math.random() / 2), call.signal);
        call.signal?.throwIfAborted();
      }
    }
  }

  async #callOnce(call: Call): Promise<HttpResponse> {
    const response = await this.transport.send({
      ...call,
      query: {
        ...call.query,
        ...this.#waitQuery(call),
        dc: this.datacenter,
        stale: call.staleOk && this.transport.stale ? '' : undefined,
      },
    });
    const { status } = response;
    if ((status >= 200 && status < 300) || call.accept?.includes(status)) return response;
    throw this.#refusal(response, call.needs);
  }

  /** With many runs, a read waits for less than it wants, and sees no change. */
  #waitQuery({ wait, use = 'prompt' }: Call): HttpRequest['query'] {
    if (!wait) return {};
    const waitMs = this.transport.fairWait(use, wait.waitMs);
    return { index: String(wait.index), wait: goDuration(waitMs) };
  }

  /**
   * @throws NotConsulError if the response isn't JSON; everything that `call` throws
   */
  async json(call: Call): Promise<unknown> {
    return this.parse(await this.call(call));
  }

  parse(response: HttpResponse): unknown {
    try {
      return JSON.parse(response.body.toString()) as unknown;
    } catch {
      throw this.notConsul(response);
    }
  }

  notConsul(response: HttpResponse): NotConsulError {
    const start = response.body.toString('utf8', 0, MAX_ERROR_BYTES);
    return new NotConsulError(this.transport.endpoint.label, response.status, start);
  }

  /** Maps status and text to an error class (PROTOCOL.md §5). */
  #refusal(response: HttpResponse, needs: Permission | undefined): ConsulError {
    const { status } = response;
    const text = response.body.toString('utf8', 0, MAX_ERROR_BYTES).trim();
    if (text.includes('ACL not found')) return new UnknownTokenError();
    if (status === 403) {
      if (text.includes('Permission denied') && needs) {
        return new PermissionError([needs], this.transport.hasToken);
      }
      if (/Access is restricted|Endpoint is blocked/.test(text)) {
        return new BlockedError(this.transport.endpoint.label, responseText(text));
      }
    }
    if (status === 413) return new TooLargeError(text);
    const { label } = this.transport.endpoint;
    const limit = limitOf(status, text);
    if (limit) return new LimitError(status, text, limit, label);
    if (isFromGateway(status, text)) return new GatewayError(label, status, text);
    const redirected = status >= 300 && status < 400;
    if (redirected || status === 404 || isMarkup(text)) return this.notConsul(response);
    return datacenterRefusal(text, label, this.datacenter) ?? new ServerError(status, text);
  }

  close(): Promise<void> {
    return this.transport.close();
  }
}
