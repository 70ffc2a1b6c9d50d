import * as vscode from 'vscode';
import type { Environment } from '../../consul/connection/connectionSpec.ts';
import type { NetworkSettings } from '../../consul/connection/resolve.ts';

/**
 * Reads VS Code's network settings from user and machine scope. undici is bundled, so VS Code can't
 * patch them into it, and a workspace must not redirect our traffic.
 */
export function readNetworkSettings(env: Environment): NetworkSettings {
  const http = vscode.workspace.getConfiguration('http');
  return {
    url: userValue(http.inspect<string>('proxy')),
    off: userValue(http.inspect<string>('proxySupport')) === 'off',
    authorization: userValue(http.inspect<string | null>('proxyAuthorization')) ?? undefined,
    noProxy: userValue(http.inspect<string[]>('noProxy')),
    strictTls: userValue(http.inspect<boolean>('proxyStrictSSL')),
    systemCertificates: userValue(http.inspect<boolean>('systemCertificates')),
    env,
    folder: trustedFolder(),
  };
}

/** Where a terminal starts, and so the CLI: the extension host's own folder is an accident. */
function trustedFolder(): string | undefined {
  if (!vscode.workspace.isTrusted) return undefined;
  const uri = vscode.workspace.workspaceFolders?.[0]?.uri;
  return uri?.scheme === 'file' ? uri.fsPath : undefined;
}

function userValue<T>(found: { globalValue?: T; defaultValue?: T } | undefined): T | undefined {
  return found?.globalValue ?? found?.defaultValue;
}
