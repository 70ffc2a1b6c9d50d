import { BlockList, isIP } from 'node:net';
import { t } from '@vscode/l10n';
import type { Endpoint } from '../address.ts';
import type { ProxyOptions } from '../connectionOptions.ts';
import { ConnectionError } from './connectionError.ts';
import type { Environment } from './connectionSpec.ts';

/** What the user set about proxies, outside the connection itself. */
export interface ProxySettings {
  /** The editor's `http.proxy`. */
  readonly url?: string | undefined;
  /** Whether no proxy is to be used but a connection's own: the editor's `http.proxySupport`. */
  readonly off?: boolean | undefined;
  /** The editor's `http.proxyAuthorization`: a whole `Proxy-Authorization` header. */
  readonly authorization?: string | undefined;
  /** The editor's `http.noProxy`; beats `NO_PROXY` when it names any host. */
  readonly noProxy?: readonly string[] | undefined;
  /** The editor's `http.proxyStrictSSL`: whether the proxy's own certificate must be right. */
  readonly strictTls?: boolean | undefined;
  readonly env: Environment;
}

/** What to write for a connection that must not use a proxy. */
export const NO_PROXY = 'none';

/**
 * The proxy to reach an agent through, if any. A connection's own choice counts everywhere;
 * `http.proxy` comes before the environment; neither is used for this machine itself, nor for hosts
 * that are excepted. Only `http.proxy` and the environment hold passwords: what the connection names
 * gets that of `http.proxy` where both are the same.
 * @param own the connection's `proxy`: a URL, `none`, or undefined
 * @throws ConnectionError for a proxy that is no URL of a kind we can speak to
 */
export function chooseProxy(
  { origin, socketPath }: Endpoint,
  own: string | undefined,
  { url, off = false, authorization, noProxy = [], strictTls = true, env }: ProxySettings,
): ProxyOptions | undefined {
  if (socketPath !== undefined || own === NO_PROXY) return undefined;
  const common = (text: string, from: string): ProxyOptions => {
    const proxy = parseProxy(text, from, strictTls);
    // Empty in the settings is unset.
    return authorization ? { ...proxy, from: 'http.proxyAuthorization', authorization } : proxy;
  };
  if (own) {
    const proxy = parseProxy(own, 'proxy', strictTls);
    // A connection holds no password: the editor's settings do, for the same proxy only.
    if (url && originOf(url) === proxy.label) return common(url, 'http.proxy');
    return { ...proxy, from: 'http.proxy' };
  }
  if (off) return undefined;
  const target = new URL(origin);
  const host = bareHost(target.hostname);
  if (isLoopback(host)) return undefined;
  const exceptions = noProxy.length > 0 ? noProxy : (either(env, 'NO_PROXY') ?? '').split(/[\s,]+/);
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  if (exceptions.some((exception) => isExcepted(host, port, exception))) return undefined;
  if (url) return common(url, 'http.proxy');
  const names = target.protocol === 'https:' ? ['HTTPS_PROXY', 'HTTP_PROXY'] : ['HTTP_PROXY'];
  for (const name of names) {
    const found = either(env, name);
    if (found) return common(found, name);
  }
  return undefined;
}

/**
 * @param from the setting or variable, for the message
 * @throws ConnectionError
 */
export function parseProxy(text: string, from: string, verify: boolean): ProxyOptions {
  const full = withScheme(text);
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (/^socks\d?[a-z]?:$/.test(url?.protocol ?? '')) {
    throw new ConnectionError(
      'badProxy',
      from,
      t(
        '“{0}” names a SOCKS proxy, which cannot be used here: name an HTTP proxy, except the agent’s host (http.noProxy or NO_PROXY), or write “proxy”: “none” in the connection.',
        from,
      ),
    );
  }
  if (!url?.hostname || !['http:', 'https:'].includes(url.protocol)) {
    // The text is not repeated: it may hold a password.
    throw new ConnectionError(
      'badProxy',
      from,
      t('“{0}” is not the address of a proxy: write http://host:port or https://host:port.', from),
    );
  }
  if (![url.username, url.password].every(canDecode)) {
    throw new ConnectionError(
      'badProxy',
      from,
      t('The user name or password in “{0}” holds a bare %: write %25 for it.', from),
    );
  }
  return { url: url.href, label: url.origin, from, verify };
}

function withScheme(text: string): string {
  return text.includes('://') ? text : `http://${text}`;
}

function originOf(text: string): string | undefined {
  const full = withScheme(text);
  return URL.canParse(full) ? new URL(full).origin : undefined;
}

function canDecode(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

/** Whether a host is this machine itself. */
function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host === 'localhost' || host.endsWith('.localhost');
}

/** One entry of NO_PROXY: `*`, a host, a domain (with its subdomains), an IP or a range, `:port`. */
function isExcepted(host: string, port: string, exception: string): boolean {
  const entry = exception.trim().toLowerCase();
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return inRange(host, entry);
  const [, named = entry, onlyPort] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const name = bareHost(named).replace(/^\*?\./, '');
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
}

function inRange(host: string, range: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, Number(bits), type);
  return list.check(host, type);
}

function bareHost(host: string): string {
  return host
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
}

/** Programs differ in the case they write these in; an empty one hides nothing, as for Go. */
function either(env: Environment, name: string): string | undefined {
  return [env[name], env[name.toLowerCase()]].find(Boolean);
}
