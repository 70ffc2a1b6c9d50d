import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  fromJsonSchema,
  McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { errorMessage } from '../../base/errorMessage.ts';
import { NOTE } from '../answers/runFacts.ts';
import type { McpTools } from './mcpTool.ts';

/** Clients that ask for progress give up on a request that is quiet for a minute. */
const PROGRESS_MS = 10_000;

const INSTRUCTIONS = `Tools for a fleet of nodes under Consul. You can look, and propose; only a person runs.
Ledger: every target of a run has exactly one status. "noResponse" is not a failure: the node did not run the job. Read groups before single outputs, and cite nodes by name.
${NOTE}`;

/** What answers the requests of the protocol, and ends those that wait. */
export interface McpHandler {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves the tools with the protocol's official SDK: each request gets a server of its own, so that nothing is
 * kept between requests. This file is loaded when the first client connects.
 * @param onError called with what goes wrong in a request, for the log
 */
export function createHandler(tools: McpTools, onError: (error: Error) => void): McpHandler {
  const handler = createMcpHandler(() => createServer(tools), {
    onerror: onError,
    // A person can take longer to answer than clients wait for the first byte.
    responseMode: 'sse',
  });
  const handle = toNodeHandler(handler, { onerror: onError });
  return {
    // Requests to a server have a method, though the types of Node also cover answers, which have none.
    handle: (request, response) =>
      handle(request as IncomingMessage & { method: string; url: string }, response),
    close: () => handler.close(),
  };
}

function createServer({ version, list, call }: McpTools): McpServer {
  const server = new McpServer(
    { name: 'consul-exec', title: 'Consul Exec', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  for (const { name, title, description, inputSchema, outputSchema, isReadOnly } of list()) {
    const config = {
      title,
      description,
      inputSchema: fromJsonSchema(inputSchema),
      outputSchema: fromJsonSchema(outputSchema),
      annotations: {
        readOnlyHint: isReadOnly,
        // A script that a person runs can do anything on the nodes.
        destructiveHint: !isReadOnly,
        idempotentHint: isReadOnly,
        openWorldHint: true,
      },
    };
    server.registerTool(name, config, async (input, context) => {
      const progress = showProgress(context);
      try {
        const answer = await call(name, input, context.mcpReq.signal);
        return {
          content: [{ type: 'text', text: JSON.stringify(answer) }],
          structuredContent: { ...answer },
        };
      } catch (error) {
        return { content: [{ type: 'text', text: errorMessage(error) }], isError: true };
      } finally {
        clearInterval(progress);
      }
    });
  }
  return server;
}

/** Tells the client that the request is still at work, if it wants to know: a person may be reading. */
function showProgress({ mcpReq }: ServerContext): NodeJS.Timeout | undefined {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let progress = 0;
  return setInterval(() => {
    const params = { progressToken, progress: ++progress };
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  }, PROGRESS_MS);
}
