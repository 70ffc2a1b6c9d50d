import { datacenterRefusal } from './datacenterErrors.ts';
import {
  BlockedError,
  type ConsulError,
  NotConsulError,
  type Permission,
  PermissionError,
  ServerError,
  TooLargeError,
  UnknownTokenError,
} from './errors.ts';
import { type Request, type Response, Transport } from './transport.ts';
import type { ConnectionOptions } from './connectionOptions.ts';

/** A request, with what to say when it is refused. */
export interface Call extends Request {
  /** What an ACL must allow; named in the error when it does not. */
  readonly needs?: Permission;
  /** Statuses that are answers here rather than errors, such as 404 for "no such key". */
  readonly accept?: readonly number[];
  /** A read of the catalog: any server may answer it where the connection allows stale reads. */
  readonly staleOk?: boolean;
}

/** What a reverse proxy answers when the agent behind it does not. */
const GATEWAY: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * One Consul agent's HTTP API. Calls go to `datacenter` when one is set, else to the agent's own.
 * The files beside this one hold the calls, one subject each.
 */
export class Consul {
  readonly datacenter: string | undefined;
  readonly transport: Transport;

  constructor(connection: ConnectionOptions | Transport, datacenter?: string) {
    this.transport = connection instanceof Transport ? connection : new Transport(connection);
    this.datacenter = datacenter;
  }

  /** The same agent and sockets, asked about another datacenter. */
  in(datacenter: string | undefined): Consul {
    return new Consul(this.transport, datacenter);
  }

  /**
   * @throws ConsulError of the class that fits; the signal's reason when aborted
   */
  async call(call: Call): Promise<Response> {
    const response = await this.transport.send({
      ...call,
      query: {
        ...call.query,
        dc: this.datacenter,
        stale: call.staleOk && this.transport.stale ? '' : undefined,
      },
    });
    const { status } = response;
    if ((status >= 200 && status < 300) || call.accept?.includes(status)) return response;
    throw this.#refusal(response, call.needs);
  }

  /**
   * @throws NotConsulError when the answer is not JSON, and whatever `call` throws
   */
  async json(call: Call): Promise<unknown> {
    return this.parse(await this.call(call));
  }

  parse(response: Response): unknown {
    try {
      return JSON.parse(response.body.toString()) as unknown;
    } catch {
      throw this.notConsul(response);
    }
  }

  notConsul(response: Response): NotConsulError {
    const start = response.body.toString('utf8', 0, 40).split('\n', 1)[0]?.trim() ?? '';
    return new NotConsulError(this.transport.endpoint.label, response.status, start);
  }

  /** Which status and text stand for which refusal (PROTOCOL.md §5). */
  #refusal(response: Response, needs: Permission | undefined): ConsulError {
    const { status } = response;
    const text = response.body.toString('utf8', 0, 2000).trim();
    if (text.includes('ACL not found')) return new UnknownTokenError();
    if (status === 403) {
      if (text.includes('Permission denied') && needs) {
        return new PermissionError([needs], this.transport.hasToken);
      }
      if (/Access is restricted|Endpoint is blocked/.test(text)) {
        return new BlockedError(this.transport.endpoint.label, text);
      }
    }
    if (status === 413) return new TooLargeError(text);
    const redirected = status >= 300 && status < 400;
    // A proxy says in HTML, too, that the agent behind it is away for a moment.
    if (redirected || status === 404 || (text.startsWith('<') && !GATEWAY.has(status))) {
      return this.notConsul(response);
    }
    const { label } = this.transport.endpoint;
    return datacenterRefusal(text, label, this.datacenter) ?? new ServerError(status, text);
  }

  close(): Promise<void> {
    return this.transport.close();
  }
}
