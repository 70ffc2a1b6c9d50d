import { BlockList, isIP } from 'node:net';
import { t } from '@vscode/l10n';
import type { Endpoint } from '../endpoint/address.ts';
import { hostMistake } from '../endpoint/addressMistake.ts';
import type { ProxyOptions } from '../endpoint/connectionOptions.ts';
import { ConnectionError } from './connectionError.ts';
import type { Environment } from './connectionSpec.ts';

/** Proxy settings from outside the connection. */
export interface ProxySettings {
  /** VS Code's `http.proxy`. */
  readonly url?: string | undefined;
  /** Whether to use only a connection's own proxy: VS Code's `http.proxySupport` is off. */
  readonly off?: boolean | undefined;
  /** VS Code's `http.proxyAuthorization`: a complete `Proxy-Authorization` header. */
  readonly authorization?: string | undefined;
  /** VS Code's `http.noProxy`; replaces `NO_PROXY` if it names any host. */
  readonly noProxy?: readonly string[] | undefined;
  /** VS Code's `http.proxyStrictSSL`: whether the proxy's own certificate must be valid. */
  readonly strictTls?: boolean | undefined;
  readonly env: Environment;
}

/** The value of `proxy` for a connection without a proxy. */
export const NO_PROXY = 'none';

/**
 * The proxy for requests to an agent, if any. The connection's own proxy always has precedence.
 * `http.proxy` has precedence over the environment, and neither is used for this machine or for excluded
 * hosts. Only `http.proxy` and the environment contain passwords: the connection's proxy gets the
 * password of `http.proxy` if both are the same proxy.
 * @param connectionProxy the connection's `proxy`: a URL, `none`, or undefined
 * @throws ConnectionError for a proxy URL that is invalid or has an unsupported scheme
 */
export function chooseProxy(
  { origin, socketPath }: Endpoint,
  connectionProxy: string | undefined,
  { url, off = false, authorization, noProxy = [], strictTls = true, env }: ProxySettings,
): ProxyOptions | undefined {
  if (socketPath !== undefined || connectionProxy === NO_PROXY) return undefined;
  const withAuthorization = (text: string, from: string): ProxyOptions => {
    const proxy = parseProxy(text, from, strictTls);
    // An empty setting counts as unset.
    return authorization ? { ...proxy, from: 'http.proxyAuthorization', authorization } : proxy;
  };
  if (connectionProxy) {
    const proxy = parseProxy(connectionProxy, 'proxy', strictTls);
    // A connection contains no password. VS Code's settings can, but only for the same proxy.
    if (url && originOf(url) === proxy.label) return withAuthorization(url, 'http.proxy');
    return { ...proxy, from: 'http.proxy' };
  }
  if (off || isBypassed(origin, noProxy, env)) return undefined;
  if (url) return withAuthorization(url, 'http.proxy');
  // As in Go, HTTP_PROXY is for http:// only.
  const name = origin.startsWith('https:') ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const found = readVariable(env, name);
  if (found === undefined) return undefined;
  if (name === 'HTTP_PROXY' && env['REQUEST_METHOD']) throw cgiError();
  return withAuthorization(found, name);
}

/** Whether requests to an address never use a proxy from outside the connection. */
function isBypassed(origin: string, noProxy: readonly string[], env: Environment): boolean {
  const { hostname, protocol, port: given } = new URL(origin);
  const host = bareHost(hostname);
  if (isLoopback(host)) return true;
  const port = given || (protocol === 'https:' ? '443' : '80');
  // In VS Code, .domain includes the domain itself; in Go, it doesn't.
  const exclusions =
    noProxy.length > 0
      ? noProxy.map((entry) => entry.replace(/^\s*\*?\./, ''))
      : (readVariable(env, 'NO_PROXY') ?? '').split(',');
  return exclusions.some((entry) => excludes(entry, host, port));
}

/** In a CGI program, a client sets HTTP_PROXY with the header `Proxy`. Go refuses it as well. */
function cgiError(): ConnectionError {
  return new ConnectionError(
    'badProxy',
    'HTTP_PROXY',
    t(
      'HTTP_PROXY isn\'t used because REQUEST_METHOD is set, as in a CGI program. Set http.proxy, or "proxy" on the connection.',
    ),
  );
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
        '"{0}" is a SOCKS proxy, which isn\'t supported. Use an HTTP proxy, exclude the agent\'s host (http.noProxy or NO_PROXY), or set "proxy": "none" on the connection.',
        from,
      ),
    );
  }
  if (!url?.hostname || !['http:', 'https:'].includes(url.protocol)) {
    // The message doesn't repeat the text: it may contain a password.
    throw new ConnectionError(
      'badProxy',
      from,
      t('"{0}" is not a valid proxy address. Use http://host:port or https://host:port.', from),
    );
  }
  const mistake = proxyHostMistake(text, from);
  if (mistake !== undefined) throw new ConnectionError('badProxy', from, mistake);
  if (![url.username, url.password].every(canDecode)) {
    throw new ConnectionError(
      'badProxy',
      from,
      t('The user name or password in "{0}" contains a bare %. Use %25 instead.', from),
    );
  }
  return { url: url.href, label: url.origin, from, verify };
}

/** @returns a sentence if URL would read the proxy's host as another one */
export function proxyHostMistake(text: string, from: string): string | undefined {
  const [, host = ''] =
    /^[^:]*:\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^:/?#\\]*)/.exec(withScheme(text)) ?? [];
  return hostMistake(host, from);
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

/** Whether a host is this machine. */
function isLoopback(host: string): boolean {
  if (inRange(host, '127.0.0.0', 8) || inRange(host, '::1', 128)) return true;
  return host === 'localhost' || host.endsWith('.localhost');
}

/**
 * Whether an entry of NO_PROXY excludes a host, by Go's rules: `*`; an IP address or a range; a domain
 * with its subdomains; `.domain` or `*.domain` for the subdomains only. All but ranges can have a port.
 */
function excludes(entry: string, host: string, port: string): boolean {
  const text = entry.trim().toLowerCase();
  if (text === '*') return true;
  const [, network = '', bits = ''] = /^(.*)\/(\d{1,3})$/.exec(text) ?? [];
  if (network !== '') return inRange(host, network, Number(bits));
  const [, named = text, onlyPort] =
    isIP(text) === 6 ? [] : (/^(\[.*\]|[^:]*):(\d+)$/.exec(text) ?? []);
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const name = named.replace(/^\[(.*)\]$/, '$1').replace(/^\*(?=\.)/, '');
  if (name === '') return false;
  const family = isIP(name);
  if (family !== 0) return inRange(host, name, family === 4 ? 32 : 128);
  return host === name || host.endsWith(name.startsWith('.') ? name : `.${name}`);
}

function inRange(host: string, network: string, bits: number): boolean {
  const [family, hostFamily] = [isIP(network), isIP(host)];
  if (family === 0 || hostFamily === 0 || bits > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, hostFamily === 4 ? 'ipv4' : 'ipv6');
}

function bareHost(host: string): string {
  return host
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
}

/** Programs use upper or lower case for these. An empty variable counts as unset, as in Go. */
function readVariable(env: Environment, name: string): string | undefined {
  return [env[name], env[name.toLowerCase()]].find(Boolean);
}
