import { isAbsolute } from 'node:path';
import { t } from '@vscode/l10n';
import { isEncoding } from '../../base/encoding.ts';
import { AddressError, type Endpoint, parseAddress } from '../endpoint/address.ts';
import { DurationError, parseWait } from '../duration.ts';
import { ConnectionError } from './connectionError.ts';
import { isTls } from './connectionSpec.ts';
import type { ConnectionProfile } from './profileSchema.ts';
import { NO_PROXY, parseProxy, proxyHostMistake } from './proxy.ts';

/** Finds mistakes that involve several fields or need another parser. One sentence for each. */
export function crossFieldMistakes(profile: ConnectionProfile): string[] {
  const { datacenter, basicAuthUser, tls } = profile;
  const mistakes = [
    ...addressMistakes(profile),
    ...pathMistakes(profile),
    ...tokenMistakes(profile),
    ...proxyMistakes(profile),
    ...durationMistakes(profile),
    ...encodingMistakes(profile),
  ];
  if (tls.clientCert && !tls.clientKey) {
    mistakes.push(t('"tls.clientCert" needs "tls.clientKey". Set it to the path of the key.'));
  }
  if (tls.clientKey && !tls.clientCert) {
    mistakes.push(
      t('"tls.clientKey" needs "tls.clientCert". Set it to the path of the certificate.'),
    );
  }
  if (tls.serverName && !/^[\w.-]+$/.test(tls.serverName)) {
    mistakes.push(t('"tls.serverName" must be a host name only. Example: server.dc1.consul.'));
  }
  if (datacenter && !/^[\w-]+$/.test(datacenter)) {
    mistakes.push(t('"datacenter" must consist of letters, digits, - and _. Example: dc1.'));
  }
  if (basicAuthUser?.includes(':')) {
    mistakes.push(
      t(
        '"basicAuthUser" must be the user name only. You are asked for the password, which is saved in secret storage.',
      ),
    );
  }
  return mistakes;
}

function durationMistakes({ wait, replicationWait, timeLimit }: ConnectionProfile): string[] {
  return Object.entries({ wait, replicationWait, timeLimit }).flatMap(([field, text]) => {
    try {
      if (text !== undefined) parseWait(text);
      return [];
    } catch (error) {
      if (!(error instanceof DurationError)) throw error;
      return [t('"{0}": {1}', field, error.message)];
    }
  });
}

function encodingMistakes({ outputEncoding }: ConnectionProfile): string[] {
  if (outputEncoding === undefined || isEncoding(outputEncoding)) return [];
  return [
    t('"outputEncoding" is not a known encoding. Examples: utf-8, gbk, shift_jis, windows-1252.'),
  ];
}

function addressMistakes({ address, tls }: ConnectionProfile): string[] {
  let endpoint: Endpoint;
  try {
    endpoint = parseAddress(address);
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    return [t('"address": {0}', error.message)];
  }
  const { verify, ...rest } = tls;
  if (isTls(endpoint) || (verify && Object.keys(rest).length === 0)) return [];
  if (endpoint.socketPath !== undefined) {
    return [
      t('"tls" is set, but "address" is a Unix socket, which doesn\'t use TLS. Remove "tls".'),
    ];
  }
  return [t('"tls" is set, but "address" doesn\'t use TLS. Use https:// there, or remove "tls".')];
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
    // A relative path would mean another file in every window.
    if (path === undefined || isAbsolute(path) || /^~[/\\]/.test(path)) return [];
    return [t('"{0}" must be an absolute path, or start with ~/ for your home folder.', field)];
  });
}

function tokenMistakes({ tokenSource, tokenFile }: ConnectionProfile): string[] {
  if (tokenSource === 'file' && !tokenFile) {
    return [
      t('"tokenSource" is "file", but "tokenFile" is missing. Set it to the path of the file.'),
    ];
  }
  if (tokenFile && tokenSource !== undefined && tokenSource !== 'file') {
    return [
      t(
        '"tokenFile" is set, but "tokenSource" is "{0}". Set it to "file", or remove "tokenFile".',
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
        '"proxy" can\'t contain a user name or password. Set {0} here, and set those in http.proxy.',
        label,
      ),
    ];
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    const mistake = proxyHostMistake(proxy, 'proxy');
    if (mistake !== undefined) return [mistake];
    return [t('"proxy" must be http://host:port, https://host:port or {0}.', NO_PROXY)];
  }
}
