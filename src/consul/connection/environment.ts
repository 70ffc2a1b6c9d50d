import { isIP } from 'node:net';
import { t } from '@vscode/l10n';
import { AddressError, DEFAULT_ADDRESS, type Endpoint, parseAddress } from '../endpoint/address.ts';
import { ConnectionError } from './connectionError.ts';
import {
  type ConnectionSpec,
  type Environment,
  isTls,
  type Sourced,
  sourced,
  type TlsSpec,
  type TokenSpec,
} from './connectionSpec.ts';

/**
 * The connection that the `CONSUL_*` variables describe. Their meaning and precedence are those of Consul's
 * API client (PROTOCOL.md §6), except that this fails closed: for an invalid value the client logs a
 * warning and continues with less protection, but this throws.
 * @throws ConnectionError that names the variable and the remedy
 */
export function specFromEnvironment(env: Environment): ConnectionSpec {
  const endpoint = endpointFrom(env);
  const tls = tlsFrom(env);
  return {
    name: '',
    endpoint,
    tls,
    basicAuth: basicAuthFrom(env),
    token: tokenFromEnvironment(env),
    stale: false,
    production: false,
    notes: [
      ...(isTls(endpoint) && !tls.verify ? [unverifiedMessage(endpoint)] : []),
      ...ignoredVariableMessages(env, endpoint),
    ],
  };
}

/**
 * The token from the environment: a file takes precedence over a value, as in Consul since 1.15.
 */
export function tokenFromEnvironment(env: Environment): TokenSpec {
  const file = variable(env, 'CONSUL_HTTP_TOKEN_FILE');
  const token = variable(env, 'CONSUL_HTTP_TOKEN');
  if (file) return { kind: 'file', file, otherwise: token };
  return token ? { kind: 'value', token: token.value, from: token.from } : { kind: 'none' };
}

function endpointFrom(env: Environment): Endpoint {
  const name = 'CONSUL_HTTP_ADDR';
  // Parse this first: an invalid value is an error even if the address makes it irrelevant.
  const ssl = booleanFrom(env, 'CONSUL_HTTP_SSL') ?? false;
  try {
    // `http://` in the address doesn't disable TLS if CONSUL_HTTP_SSL enables it.
    if (env[name]?.trim()) return parseAddress(env[name], ssl);
    return { ...parseAddress(DEFAULT_ADDRESS, ssl), isDefault: true };
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    const text = t("Can't use {0}: {1}", name, error.message);
    throw new ConnectionError('badVariable', name, text, error);
  }
}

function tlsFrom(env: Environment): TlsSpec {
  const clientCert = variable(env, 'CONSUL_CLIENT_CERT');
  const clientKey = variable(env, 'CONSUL_CLIENT_KEY');
  if (clientCert && !clientKey)
    throw incompletePairError('CONSUL_CLIENT_CERT', 'CONSUL_CLIENT_KEY');
  if (clientKey && !clientCert)
    throw incompletePairError('CONSUL_CLIENT_KEY', 'CONSUL_CLIENT_CERT');
  return {
    caFile: variable(env, 'CONSUL_CACERT'),
    caPath: variable(env, 'CONSUL_CAPATH'),
    clientCert,
    clientKey,
    serverName: withoutPort(variable(env, 'CONSUL_TLS_SERVER_NAME')?.value),
    verify: booleanFrom(env, 'CONSUL_HTTP_SSL_VERIFY') ?? true,
  };
}

/** The API client accepts a server name with a port, and removes the port. */
function withoutPort(name: string | undefined): string | undefined {
  if (name === undefined || isIP(name) === 6) return name;
  const [, inBrackets] = /^\[(.*)\](?::\d+)?$/.exec(name) ?? [];
  return inBrackets ?? name.replace(/:\d+$/, '');
}

function incompletePairError(given: string, missing: string): ConnectionError {
  return new ConnectionError(
    missing === 'CONSUL_CLIENT_KEY' ? 'keyMissing' : 'certificateMissing',
    missing,
    t(
      '{0} is set without {1}. A client certificate needs its key: set both or neither.',
      given,
      missing,
    ),
  );
}

function basicAuthFrom(env: Environment): ConnectionSpec['basicAuth'] {
  const auth = env['CONSUL_HTTP_AUTH'];
  if (!auth) return undefined;
  const colon = auth.indexOf(':');
  if (colon < 0) return { user: auth, password: '' };
  return { user: auth.slice(0, colon), password: auth.slice(colon + 1) };
}

/** The spellings that Go's `strconv.ParseBool` accepts. */
const TRUE_VALUES = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE_VALUES = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

function booleanFrom(env: Environment, name: string): boolean | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  if (TRUE_VALUES.includes(text)) return true;
  if (FALSE_VALUES.includes(text)) return false;
  throw new ConnectionError(
    'badVariable',
    name,
    t('{0} is "{1}". Set it to true or false.', name, text),
  );
}

/** Shown wherever a connection without certificate verification is used. */
export function unverifiedMessage({ label }: Endpoint): string {
  return t("The certificate of {0} isn't verified, so traffic could be intercepted.", label);
}

/** Shown wherever the default address is used: VS Code may lack a variable that the terminal has. */
export function defaultAddressMessage({ label }: Endpoint): string {
  return t(
    "No connection is selected and CONSUL_HTTP_ADDR isn't set in the environment of VS Code, so {0} is used.",
    label,
  );
}

function ignoredVariableMessages(env: Environment, endpoint: Endpoint): string[] {
  const notes: string[] = [];
  for (const name of ['CONSUL_NAMESPACE', 'CONSUL_PARTITION']) {
    if (env[name]) {
      notes.push(
        t(
          '{0} is ignored: agents look for remote exec jobs in the default namespace and partition only.',
          name,
        ),
      );
    }
  }
  const tlsNames = [
    'CONSUL_CACERT',
    'CONSUL_CAPATH',
    'CONSUL_CLIENT_CERT',
    'CONSUL_TLS_SERVER_NAME',
  ];
  const unused = isTls(endpoint) ? [] : tlsNames.filter((name) => env[name]);
  if (unused.length > 0) {
    const list = unused.join(', ');
    notes.push(
      unused.length === 1
        ? t(
            "{0} has no effect because {1} doesn't use TLS. Use https:// in CONSUL_HTTP_ADDR, or set CONSUL_HTTP_SSL to true.",
            list,
            endpoint.label,
          )
        : t(
            "{0} have no effect because {1} doesn't use TLS. Use https:// in CONSUL_HTTP_ADDR, or set CONSUL_HTTP_SSL to true.",
            list,
            endpoint.label,
          ),
    );
  }
  return notes;
}

function variable(env: Environment, name: string): Sourced | undefined {
  return sourced(env[name], name);
}
