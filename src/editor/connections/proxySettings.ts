import * as vscode from 'vscode';
import type { Environment } from '../../consul/connection/connectionSpec.ts';
import type { ProxySettings } from '../../consul/connection/proxy.ts';

/**
 * The editor's own proxy settings, as user and machine set them: undici is bundled, so the editor
 * cannot patch them into it, and a workspace must not send our traffic elsewhere.
 */
export function readProxySettings(env: Environment): ProxySettings {
  const http = vscode.workspace.getConfiguration('http');
  return {
    url: own(http.inspect<string>('proxy')),
    noProxy: own(http.inspect<string[]>('noProxy')),
    strictTls: own(http.inspect<boolean>('proxyStrictSSL')),
    env,
  };
}

function own<T>(found: { globalValue?: T; defaultValue?: T } | undefined): T | undefined {
  return found?.globalValue ?? found?.defaultValue;
}
