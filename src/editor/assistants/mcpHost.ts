import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { type McpServer, serveMcp } from '../../assistants/mcp/mcpServer.ts';
import type { McpTool, ObjectSchema } from '../../assistants/mcp/mcpTool.ts';
import type { ToolName } from '../../assistants/toolInputs.ts';
import { areToolsOffered, isOffered } from './access.ts';
import type { CallTool } from './toolCalls.ts';
import type { DescribedTool } from './toolManifest.ts';

/** The schemas of the answers by tool, in the extension's folder. */
const ANSWERS = ['media', 'answers.schema.json'];

interface HostOptions {
  readonly extension: vscode.Extension<unknown>;
  readonly tools: readonly DescribedTool[];
  readonly call: CallTool;
  readonly log: vscode.LogOutputChannel;
}

/**
 * This window's server for clients of the Model Context Protocol. It starts when somebody wants its
 * address, and closes with the window, or when assistants no longer have access.
 */
export class McpHost implements vscode.Disposable {
  readonly #options: HostOptions;
  #starting: Promise<McpServer> | undefined;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  /** The running server. @throws if it can't start */
  async server(): Promise<McpServer> {
    const starting = (this.#starting ??= this.#start());
    starting.catch(() => {
      if (this.#starting === starting) this.#starting = undefined;
    });
    return starting;
  }

  /** Closes the server if assistants have no access any more. */
  checkAccess(): void {
    if (!areToolsOffered()) void this.close();
  }

  async close(): Promise<void> {
    const starting = this.#starting;
    this.#starting = undefined;
    const server = await starting?.catch(() => undefined);
    await server?.close();
  }

  dispose(): void {
    void this.close();
  }

  async #start(): Promise<McpServer> {
    const { extension, tools, call, log } = this.#options;
    const { version } = extension.packageJSON as { readonly version: string };
    const file = vscode.Uri.joinPath(extension.extensionUri, ...ANSWERS);
    const schemas = JSON.parse(await readFile(file.fsPath, 'utf8')) as Record<
      ToolName,
      ObjectSchema
    >;
    const described = tools.map((tool): McpTool => ({
      ...tool,
      outputSchema: schemas[tool.name],
      isReadOnly: tool.name !== 'propose_run',
    }));
    return serveMcp(
      {
        version,
        list: () => described.filter(({ name }) => isOffered(name)),
        call,
      },
      (error) => log.warn(`MCP: ${String(error)}`),
    );
  }
}
