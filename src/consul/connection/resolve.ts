import { t } from '@vscode/l10n';
import type { ConnectionOptions } from '../connectionOptions.ts';
import { ConnectionError } from './connectionError.ts';
import { type ConnectionSpec, isTls } from './connectionSpec.ts';
import { chooseProxy, type ProxySettings } from './proxy.ts';
import { loadTls, readText } from './tlsFiles.ts';

/** Where secrets are; each answers undefined when there is none or the user cancels. */
export interface SecretSource {
  /**
   * The token kept for a connection.
   * @param address where it is to be sent: one that was given for another is not
   */
  storedToken(connection: string, address: string): Promise<string | undefined>;
  /** Asks the user. */
  askToken(connection: string): Promise<string | undefined>;
  /** The basic-auth password of a connection, kept or asked for. */
  password(connection: string, user: string, address: string): Promise<string | undefined>;
}

/** What is set beside the connection itself. */
export interface NetworkSettings extends ProxySettings {
  /** Whether the system's authorities are trusted too; by default Node's own alone. */
  readonly systemCertificates?: boolean | undefined;
}

/**
 * Makes a connection ready for use: reads its files, fetches its secrets, picks its proxy. Files are
 * read anew each time, so a rotated certificate or token is taken up by connecting again.
 * @throws ConnectionError saying in one sentence what is wrong
 */
export async function resolveConnection(
  spec: ConnectionSpec,
  secrets: SecretSource,
  network: NetworkSettings,
): Promise<ConnectionOptions> {
  const { endpoint, stale } = spec;
  const { systemCertificates = false } = network;
  const proxy = chooseProxy(endpoint, spec.proxy, network);
  const tls = isTls(endpoint) ? await loadTls(spec.tls, systemCertificates) : undefined;
  const token = await tokenOf(spec, secrets);
  const basicAuth = await basicAuthOf(spec, secrets);
  return { endpoint, token, basicAuth, tls, proxy, stale };
}

async function tokenOf(
  { token: spec, name: connection, endpoint }: ConnectionSpec,
  secrets: SecretSource,
): Promise<string | undefined> {
  switch (spec.kind) {
    case 'none':
      return undefined;
    case 'value':
      return usable(spec.token, spec.from);
    case 'file': {
      const token = (await readText(spec.file)).trim();
      if (token !== '') return usable(token, spec.file.from);
      if (spec.otherwise) return usable(spec.otherwise.value, spec.otherwise.from);
      throw new ConnectionError(
        'emptyToken',
        spec.file.from,
        t('The token file {0} ({1}) is empty.', spec.file.value, spec.file.from),
      );
    }
    case 'secret': {
      const token = await secrets.storedToken(connection, endpoint.label);
      if (token) return usable(token, 'tokenSource');
      throw new ConnectionError(
        'emptyToken',
        'tokenSource',
        t(
          'No token is kept for the connection “{0}”: set it, or choose another “tokenSource”.',
          connection,
        ),
      );
    }
    case 'prompt': {
      const token = await secrets.askToken(connection);
      if (token) return usable(token, 'tokenSource');
      throw cancelled('tokenSource', connection);
    }
  }
}

async function basicAuthOf(
  { basicAuth, name, endpoint }: ConnectionSpec,
  secrets: SecretSource,
): Promise<ConnectionOptions['basicAuth']> {
  if (!basicAuth) return undefined;
  const { user } = basicAuth;
  const password = basicAuth.password ?? (await secrets.password(name, user, endpoint.label));
  if (password === undefined) throw cancelled('basicAuthUser', name);
  return { user, password };
}

/** What a header can carry; anything else would end the request in a puzzle. The token is not shown. */
function usable(token: string, field: string): string {
  const trimmed = token.trim();
  if (/^[\x21-\x7e]+$/.test(trimmed)) return trimmed;
  throw new ConnectionError(
    'badToken',
    field,
    t(
      'The token ({0}) holds spaces, line breaks or letters outside ASCII, which no token has: copy it again.',
      field,
    ),
  );
}

function cancelled(field: string, connection: string): ConnectionError {
  return new ConnectionError(
    'cancelled',
    field,
    t('The connection “{0}” was not made, since its secret was not given.', connection),
  );
}
