import { t } from '@vscode/l10n';
import type { ProxyOptions } from '../endpoint/connectionOptions.ts';
import { ConsulError } from './consulErrors.ts';
import { responseText } from './responseText.ts';
import { unreachableReason } from './unreachableReason.ts';

/** The proxy refuses, can't be reached, or responds instead of the agent. */
export class ProxyError extends ConsulError {
  override readonly name = 'ProxyError';
  readonly kind: 'proxy' | 'proxyPassword';
  override readonly transient: boolean;
  override readonly isOutcomeUnknown: boolean;
  /** An HTTP status (`407`), or an error code. */
  readonly code: string;

  /**
   * @param body of the proxy's response to a forwarded request; undefined if the request wasn't forwarded,
   * because the proxy couldn't be reached or refused to connect to the agent
   */
  constructor(
    proxy: ProxyOptions,
    address: string,
    code: string,
    { cause, body }: { readonly cause?: unknown; readonly body?: string } = {},
  ) {
    super(proxyMessage(proxy, address, code, body), { cause });
    this.code = code;
    this.kind = code === '407' ? 'proxyPassword' : 'proxy';
    this.transient = ['429', '500', '502', '503', '504'].includes(code);
    // The proxy may have given up waiting after the agent had the request.
    this.isOutcomeUnknown = body !== undefined && code.startsWith('5');
  }
}

/** Names the proxy without its user name and password. */
function proxyMessage(
  options: ProxyOptions,
  address: string,
  code: string,
  body: string | undefined,
): string {
  const { label: proxy, from } = options;
  if (code === '407') {
    return hasPassword(options)
      ? t('Proxy {0} rejected the user name or password in "{1}". Correct them.', proxy, from)
      : t('Proxy {0} requires a user name and password. Set them in "{1}".', proxy, from);
  }
  if (body !== undefined) {
    const reason = responseText(body);
    return t(
      "Proxy {0} returned {1} for {2}, which isn't a response from Consul. Exclude that host (http.noProxy or NO_PROXY), or check that the proxy can reach it.",
      proxy,
      reason === '' || reason.startsWith(code) ? reason || code : `${code} (${reason})`,
      address,
    );
  }
  if (/^\d{3}$/.test(code)) {
    return t(
      'Proxy {0} returned {1} for {2}. Exclude that host (http.noProxy or NO_PROXY) or correct the address.',
      proxy,
      code,
      address,
    );
  }
  return t(
    'Couldn\'t reach {1} through proxy {0}: {2}. Correct http.proxy or the proxy variable, or set "proxy": "none" on the connection.',
    proxy,
    address,
    unreachableReason(code, code),
  );
}

function hasPassword({ url, authorization }: ProxyOptions): boolean {
  const { username, password } = new URL(url);
  return authorization !== undefined || username !== '' || password !== '';
}
