import { t } from '@vscode/l10n';
import type { ConnectionOptions } from '../endpoint/connectionOptions.ts';
import { readText } from './connectionFiles.ts';
import { ConnectionError } from './connectionError.ts';
import { type ConnectionSpec, isTls } from './connectionSpec.ts';
import { chooseProxy, type ProxySettings } from './proxy.ts';
import { loadTls } from './tlsFiles.ts';

/** Access to secrets. Each method returns undefined if there is none or the user cancels. */
export interface SecretSource {
  /**
   * The token stored for a connection.
   * @param address where the token will be sent; a token stored for another address isn't returned
   */
  storedToken(connection: string, address: string): Promise<string | undefined>;
  /** Asks the user for the token. */
  askToken(connection: string): Promise<string | undefined>;
  /** The basic-auth password of a connection, from secret storage or from the user. */
  password(connection: string, user: string, address: string): Promise<string | undefined>;
}

/** Settings from outside the connection. */
export interface NetworkSettings extends ProxySettings {
  /** Whether to trust the system's authorities too; the default is Node's own list only. */
  readonly systemCertificates?: boolean | undefined;
  /** Where relative paths in the environment start: the first workspace folder, if it is trusted. */
  readonly folder?: string | undefined;
}

/**
 * Prepares a connection for use: reads its files, gets its secrets, chooses its proxy. Files are read
 * each time, so reconnecting picks up a rotated certificate or token.
 * @throws ConnectionError whose message is one sentence with the remedy
 */
export async function resolveConnection(
  spec: ConnectionSpec,
  secrets: SecretSource,
  network: NetworkSettings,
): Promise<ConnectionOptions> {
  const { endpoint, stale } = spec;
  const { systemCertificates = false, folder } = network;
  const proxy = chooseProxy(endpoint, spec.proxy, network);
  const tls = isTls(endpoint) ? await loadTls(spec.tls, systemCertificates, folder) : undefined;
  const token = await resolveToken(spec, secrets, folder);
  const basicAuth = await resolveBasicAuth(spec, secrets);
  return { endpoint, token, basicAuth, tls, proxy, stale };
}

async function resolveToken(
  { token: spec, name: connection, endpoint }: ConnectionSpec,
  secrets: SecretSource,
  folder: string | undefined,
): Promise<string | undefined> {
  switch (spec.kind) {
    case 'none':
      return undefined;
    case 'value':
      return requireUsable(spec.token, spec.from);
    case 'file': {
      const token = (await readText(spec.file, folder)).trim();
      if (token !== '') return requireUsable(token, spec.file.from);
      if (spec.otherwise) return requireUsable(spec.otherwise.value, spec.otherwise.from);
      throw new ConnectionError(
        'emptyToken',
        spec.file.from,
        t('The token file {0} ({1}) is empty.', spec.file.value, spec.file.from),
      );
    }
    case 'secret': {
      const token = await secrets.storedToken(connection, endpoint.label);
      if (token) return requireUsable(token, 'tokenSource');
      throw new ConnectionError(
        'emptyToken',
        'tokenSource',
        t(
          'No token is stored for the connection "{0}". Set the token, or choose another "tokenSource".',
          connection,
        ),
      );
    }
    case 'prompt': {
      const token = await secrets.askToken(connection);
      if (token) return requireUsable(token, 'tokenSource');
      throw canceledError('tokenSource', connection);
    }
  }
}

async function resolveBasicAuth(
  { basicAuth, name, endpoint }: ConnectionSpec,
  secrets: SecretSource,
): Promise<ConnectionOptions['basicAuth']> {
  if (!basicAuth) return undefined;
  const { user } = basicAuth;
  const password = basicAuth.password ?? (await secrets.password(name, user, endpoint.label));
  if (password === undefined) throw canceledError('basicAuthUser', name);
  return { user, password };
}

/**
 * Rejects tokens that a header can't contain, which would fail with an obscure error. The message doesn't
 * repeat the token.
 */
function requireUsable(token: string, field: string): string {
  const trimmed = token.trim();
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed;
  throw new ConnectionError(
    'badToken',
    field,
    t(
      'The token ({0}) contains spaces, line breaks or non-ASCII characters, which tokens never contain. Copy it again.',
      field,
    ),
  );
}

function canceledError(field: string, connection: string): ConnectionError {
  return new ConnectionError(
    'canceled',
    field,
    t('Connecting to "{0}" was canceled: no secret was entered.', connection),
  );
}
