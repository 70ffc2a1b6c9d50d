import { t } from '@vscode/l10n';
import type { ProxyOptions } from './connectionOptions.ts';
import { ConsulError } from './errors.ts';

/** The proxy on the way to the agent refuses or cannot be reached. Nothing has reached the agent. */
export class ProxyError extends ConsulError {
  override readonly name = 'ProxyError';
  readonly kind = 'proxy';
  override readonly transient: boolean;
  /** An HTTP status such as `407`, or an error's code. */
  readonly code: string;

  constructor(proxy: ProxyOptions, address: string, code: string, cause?: unknown) {
    super(sentence(proxy, address, code), { cause });
    this.code = code;
    this.transient = code === '502' || code === '503' || code === '504';
  }
}

/** Tells of the proxy without its user name and password. */
function sentence(options: ProxyOptions, address: string, code: string): string {
  const { label: proxy, from } = options;
  if (code === '407') {
    return hasPassword(options)
      ? t('The proxy {0} refuses the user name or password in “{1}”: correct them.', proxy, from)
      : t('The proxy {0} demands a user name and password: write them into “{1}”.', proxy, from);
  }
  if (/^\d{3}$/.test(code)) {
    return t(
      'The proxy {0} answered with status {1} when asked for {2}: except that host from proxies (http.noProxy or NO_PROXY) or correct the address.',
      proxy,
      code,
      address,
    );
  }
  return t(
    'The proxy {0} on the way to {1} does not answer ({2}): correct http.proxy or the proxy’s variable, or write “proxy”: “none” in the connection.',
    proxy,
    address,
    code,
  );
}

function hasPassword({ url, authorization }: ProxyOptions): boolean {
  const { username, password } = new URL(url);
  return authorization !== undefined || username !== '' || password !== '';
}
