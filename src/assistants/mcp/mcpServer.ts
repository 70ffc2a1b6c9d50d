import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { McpHandler } from './mcpHandler.ts';
import type { McpTools } from './mcpTool.ts';

const LOOPBACK = '127.0.0.1';
const PATH = '/mcp';
const TOKEN_BYTES = 32;

/** A server that other programs of the same user can reach. */
export interface McpServer {
  /** `http://127.0.0.1:40123/mcp` */
  readonly url: string;
  /** What a client must send as its bearer token. New for each server. */
  readonly bearer: string;
  /** Ends requests that wait, and frees the port. */
  close(): Promise<void>;
}

/**
 * Serves the tools to clients of the Model Context Protocol, over HTTP on the loopback address. Whoever
 * doesn't send the bearer token gets the status 401 and nothing else: any user of the machine can
 * reach the port.
 * @param onError called with what goes wrong in a request, for the log
 * @throws the system's error if there is no free port
 */
export async function serveMcp(
  tools: McpTools,
  onError: (error: Error) => void,
): Promise<McpServer> {
  const bearer = randomBytes(TOKEN_BYTES).toString('base64url');
  let loading: Promise<McpHandler> | undefined;
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const status = refusalOf(request, bearer, port);
    if (status !== undefined) {
      // Not read to its end, so that a stranger can't send without end.
      response.writeHead(status, { connection: 'close' }).end();
      return;
    }
    loading ??= import('./mcpHandler.ts').then(({ createHandler }) =>
      createHandler(tools, onError),
    );
    await (await loading).handle(request, response);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      onError(error instanceof Error ? error : new Error(String(error)));
      response.destroy();
    });
  });
  const port = await listen(server);
  return {
    url: `http://${LOOPBACK}:${port}${PATH}`,
    bearer,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      const handler = await loading?.catch(() => undefined);
      await handler?.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/**
 * Why a request is not served, as a status. A page in a browser can be made to send requests here: it gives
 * itself away by its origin, or by the host that it believes to talk to.
 */
function refusalOf(
  { headers, url }: IncomingMessage,
  bearer: string,
  port: number,
): 401 | 403 | 404 | undefined {
  if (!hasBearer(headers.authorization, bearer)) return 401;
  if (headers.origin !== undefined || headers.host !== `${LOOPBACK}:${port}`) return 403;
  return url === PATH ? undefined : 404;
}

function hasBearer(authorization: string | undefined, bearer: string): boolean {
  const sent = Buffer.from(authorization ?? '');
  const wanted = Buffer.from(`Bearer ${bearer}`);
  return sent.length === wanted.length && timingSafeEqual(sent, wanted);
}
