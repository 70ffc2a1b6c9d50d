import * as vscode from 'vscode';
import { commands, SETTINGS } from '../base/contributions.ts';
import { showInfo } from '../base/notify.ts';
import { registerCommand } from '../base/registerCommand.ts';
import type { LaunchServices } from '../launch/launchServices.ts';
import { requireOffered } from './access.ts';
import { registerLanguageModelTools } from './languageModelTools.ts';
import { McpHost } from './mcpHost.ts';
import { provideMcpServer } from './mcpProvider.ts';
import type { CallTool } from './toolCalls.ts';
import { describedTools } from './toolManifest.ts';

/** Registers the tools with which assistants look at the fleet and propose runs. */
export function registerAssistants(
  services: LaunchServices,
  extension: vscode.Extension<unknown>,
): vscode.Disposable {
  const { log } = services;
  const call: CallTool = async (...request) => {
    const { ToolCalls } = await import('./toolCalls.ts');
    return new ToolCalls(services).call(...request);
  };
  const tools = describedTools(extension.packageJSON);
  const host = new McpHost({ extension, tools, call, log });
  const accessChanged = new vscode.EventEmitter<void>();
  const noteChange = () => {
    host.checkAccess();
    accessChanged.fire();
  };
  const { version } = extension.packageJSON as { readonly version: string };
  return vscode.Disposable.from(
    host,
    accessChanged,
    vscode.workspace.onDidGrantWorkspaceTrust(noteChange),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${SETTINGS}.assistants`)) noteChange();
    }),
    whereSupported(log, () => registerLanguageModelTools(tools, call)),
    whereSupported(log, () => provideMcpServer(host, version, accessChanged.event)),
    registerCommand(commands.copyMcpServer, log, () => copyServer(host)),
  );
}

/** Editors that are based on VS Code can lack its API for assistants. Everything else works there too. */
function whereSupported(
  log: vscode.LogOutputChannel,
  register: () => vscode.Disposable,
): vscode.Disposable {
  try {
    return register();
  } catch (error) {
    log.warn(`This editor has no tools for assistants: ${String(error)}`);
    return new vscode.Disposable(() => undefined);
  }
}

/** Copies what another program needs to connect. The bearer token is nowhere else. */
async function copyServer(host: McpHost): Promise<void> {
  requireOffered('list_targets');
  const { url, bearer } = await host.server();
  const server = { type: 'http', url, headers: { Authorization: `Bearer ${bearer}` } };
  await vscode.env.clipboard.writeText(JSON.stringify(server, undefined, 2));
  void showInfo(
    vscode.l10n.t(
      'Copied the address of the MCP server, with its token. They are valid until this window closes.',
    ),
  );
}
