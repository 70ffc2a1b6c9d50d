import * as vscode from 'vscode';
import type { Environment } from '../../consul/connection/connectionSpec.ts';
import type { NetworkSettings } from '../../consul/connection/resolve.ts';

/**
 * The editor's own settings of the network, as user and machine set them: undici is bundled, so the
 * editor cannot patch them into it, and a workspace must not send our traffic elsewhere.
 */
export function readNetworkSettings(env: Environment): NetworkSettings {
  const http = vscode.workspace.getConfiguration('http');
  return {
    url: own(http.inspect<string>('proxy')),
    off: own(http.inspect<string>('proxySupport')) === 'off',
    authorization: own(http.inspect<string | null>('proxyAuthorization')) ?? undefined,
    noProxy: own(http.inspect<string[]>('noProxy')),
    strictTls: own(http.inspect<boolean>('proxyStrictSSL')),
    systemCertificates: own(http.inspect<boolean>('systemCertificates')),
    env,
  };
}

function own<T>(found: { globalValue?: T; defaultValue?: T } | undefined): T | undefined {
  return found?.globalValue ?? found?.defaultValue;
}
