import { isAbsolute } from 'node:path';
import { t } from '@vscode/l10n';
import { AddressError, type Endpoint, parseAddress } from '../address.ts';
import { DurationError, parseWait } from '../duration.ts';
import { ConnectionError } from './connectionError.ts';
import { isTls } from './connectionSpec.ts';
import type { ConnectionProfile } from './profileSchema.ts';
import { NO_PROXY, parseProxy } from './proxy.ts';

/** What no field can be blamed for alone, or what only another parser can tell. One sentence each. */
export function crossMistakes(profile: ConnectionProfile): string[] {
  const { datacenter, basicAuthUser, tls } = profile;
  const mistakes = [
    ...addressMistakes(profile),
    ...pathMistakes(profile),
    ...tokenMistakes(profile),
    ...proxyMistakes(profile),
    ...durationMistakes(profile),
  ];
  if (tls.clientCert && !tls.clientKey) {
    mistakes.push(
      t('“tls.clientCert” needs “tls.clientKey” beside it: write the path of the key.'),
    );
  }
  if (tls.clientKey && !tls.clientCert) {
    mistakes.push(
      t('“tls.clientKey” needs “tls.clientCert” beside it: write the path of the certificate.'),
    );
  }
  if (tls.serverName && !/^[\w.-]+$/.test(tls.serverName)) {
    mistakes.push(t('“tls.serverName” must be a host name alone, such as server.dc1.consul.'));
  }
  if (datacenter && !/^[\w-]+$/.test(datacenter)) {
    mistakes.push(t('“datacenter” must be a name of letters, digits, - and _, such as dc1.'));
  }
  if (basicAuthUser?.includes(':')) {
    mistakes.push(
      t('“basicAuthUser” must be the user alone: the password is asked for and kept as a secret.'),
    );
  }
  return mistakes;
}

function durationMistakes({ wait, replicationWait }: ConnectionProfile): string[] {
  return Object.entries({ wait, replicationWait }).flatMap(([field, text]) => {
    try {
      if (text !== undefined) parseWait(text);
      return [];
    } catch (error) {
      if (!(error instanceof DurationError)) throw error;
      return [t('“{0}”: {1}', field, error.message)];
    }
  });
}

function addressMistakes({ address, tls }: ConnectionProfile): string[] {
  let endpoint: Endpoint;
  try {
    endpoint = parseAddress(address);
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    return [t('“address”: {0}', error.message)];
  }
  const { verify, ...rest } = tls;
  if (isTls(endpoint) || (verify && Object.keys(rest).length === 0)) return [];
  if (endpoint.socketPath !== undefined) {
    return [t('“tls” is set, but “address” is a unix socket, which needs none: remove “tls”.')];
  }
  return [
    t('“tls” is set, but “address” is reached without TLS: write https:// there, or remove “tls”.'),
  ];
}

function pathMistakes({ tls, tokenFile }: ConnectionProfile): string[] {
  const paths = {
    'tls.caFile': tls.caFile,
    'tls.caPath': tls.caPath,
    'tls.clientCert': tls.clientCert,
    'tls.clientKey': tls.clientKey,
    tokenFile,
  };
  return Object.entries(paths).flatMap(([field, path]) => {
    // A relative one would mean something else in every window.
    if (path === undefined || isAbsolute(path) || /^~[/\\]/.test(path)) return [];
    return [t('“{0}” must be a full path, or begin with ~/ for your home folder.', field)];
  });
}

function tokenMistakes({ tokenSource, tokenFile }: ConnectionProfile): string[] {
  if (tokenSource === 'file' && !tokenFile) {
    return [t('“tokenSource” is file, but “tokenFile” is missing: write the path of the file.')];
  }
  if (tokenFile && tokenSource !== undefined && tokenSource !== 'file') {
    return [
      t(
        '“tokenFile” is set, but “tokenSource” is {0}: write file there, or remove “tokenFile”.',
        tokenSource,
      ),
    ];
  }
  return [];
}

function proxyMistakes({ proxy }: ConnectionProfile): string[] {
  if (proxy === undefined || proxy === NO_PROXY) return [];
  try {
    const { url, label } = parseProxy(proxy, 'proxy', true);
    if (new URL(url).username === '' && new URL(url).password === '') return [];
    return [
      t(
        '“proxy” must not hold a user name or password: write {0} here, and those in http.proxy.',
        label,
      ),
    ];
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return [t('“proxy” must be http://host:port, https://host:port or {0}.', NO_PROXY)];
  }
}
