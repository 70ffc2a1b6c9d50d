import * as vscode from 'vscode';
import { areToolsOffered } from './access.ts';
import type { McpHost } from './mcpHost.ts';

/** The id in package.json. */
const PROVIDER = 'consulExec.mcp';
const LABEL = 'Consul Exec';
/** Before the server runs. */
const UNRESOLVED = 'http://127.0.0.1/mcp';

/**
 * Offers this window's MCP server to VS Code, which starts it only when the user wants it.
 * @param onDidChangeAccess when assistants may get, or lose, access
 */
export function provideMcpServer(
  host: McpHost,
  version: string,
  onDidChangeAccess: vscode.Event<void>,
): vscode.Disposable {
  return vscode.lm.registerMcpServerDefinitionProvider(PROVIDER, {
    onDidChangeMcpServerDefinitions: onDidChangeAccess,
    provideMcpServerDefinitions: () =>
      areToolsOffered()
        ? [new vscode.McpHttpServerDefinition(LABEL, vscode.Uri.parse(UNRESOLVED), {}, version)]
        : [],
    resolveMcpServerDefinition: async () => {
      if (!areToolsOffered()) return undefined;
      const { url, bearer } = await host.server();
      const headers = { Authorization: `Bearer ${bearer}` };
      return new vscode.McpHttpServerDefinition(LABEL, vscode.Uri.parse(url), headers, version);
    },
  });
}
