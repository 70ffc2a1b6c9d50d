import { isIP } from 'node:net';
import { t } from '@vscode/l10n';
import { AddressError, DEFAULT_ADDRESS, type Endpoint, parseAddress } from '../address.ts';
import { ConnectionError } from './connectionError.ts';
import {
  type ConnectionSpec,
  type Environment,
  isTls,
  type Sourced,
  type TlsSpec,
  type TokenSpec,
} from './connectionSpec.ts';

/**
 * The connection that `CONSUL_*` describe, with the meaning and precedence of Consul's API client
 * (PROTOCOL.md §6), but failing closed: where that client warns of a value it cannot read and goes on
 * with less protection, this throws.
 * @throws ConnectionError naming the variable and what to write
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
      ...(isTls(endpoint) && !tls.verify ? [unverified(endpoint)] : []),
      ...notesOn(env, endpoint),
    ],
  };
}

/**
 * The token that the environment names: a file beats a value, as since Consul 1.15.
 */
export function tokenFromEnvironment(env: Environment): TokenSpec {
  const file = sourced(env, 'CONSUL_HTTP_TOKEN_FILE');
  const token = sourced(env, 'CONSUL_HTTP_TOKEN');
  if (file) return { kind: 'file', file, otherwise: token };
  return token ? { kind: 'value', token: token.value, from: token.from } : { kind: 'none' };
}

function endpointFrom(env: Environment): Endpoint {
  const name = 'CONSUL_HTTP_ADDR';
  // A junk switch is told of even where the address makes it unimportant.
  const ssl = booleanFrom(env, 'CONSUL_HTTP_SSL') ?? false;
  try {
    // `http://` in the address does not turn off TLS that CONSUL_HTTP_SSL asks for.
    return parseAddress(env[name]?.trim() ? env[name] : DEFAULT_ADDRESS, ssl);
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    const text = t('{0} cannot be used: {1}', name, error.message);
    throw new ConnectionError('badVariable', name, text, error);
  }
}

function tlsFrom(env: Environment): TlsSpec {
  const clientCert = sourced(env, 'CONSUL_CLIENT_CERT');
  const clientKey = sourced(env, 'CONSUL_CLIENT_KEY');
  if (clientCert && !clientKey) throw halfOfPair('CONSUL_CLIENT_CERT', 'CONSUL_CLIENT_KEY');
  if (clientKey && !clientCert) throw halfOfPair('CONSUL_CLIENT_KEY', 'CONSUL_CLIENT_CERT');
  return {
    caFile: sourced(env, 'CONSUL_CACERT'),
    caPath: sourced(env, 'CONSUL_CAPATH'),
    clientCert,
    clientKey,
    serverName: withoutPort(sourced(env, 'CONSUL_TLS_SERVER_NAME')?.value),
    verify: booleanFrom(env, 'CONSUL_HTTP_SSL_VERIFY') ?? true,
  };
}

/** The client takes an address with its port as the server's name, and cuts the port off. */
function withoutPort(name: string | undefined): string | undefined {
  if (name === undefined || isIP(name) === 6) return name;
  const [, inBrackets] = /^\[(.*)\](?::\d+)?$/.exec(name) ?? [];
  return inBrackets ?? name.replace(/:\d+$/, '');
}

function halfOfPair(given: string, missing: string): ConnectionError {
  return new ConnectionError(
    missing === 'CONSUL_CLIENT_KEY' ? 'keyMissing' : 'certificateMissing',
    missing,
    t(
      '{0} is set without {1}: a client certificate needs its key, so set both or neither.',
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

/** The spellings Go's `strconv.ParseBool` takes. */
const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

function booleanFrom(env: Environment, name: string): boolean | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  if (TRUE.includes(text)) return true;
  if (FALSE.includes(text)) return false;
  throw new ConnectionError(
    'badVariable',
    name,
    t('{0} is “{1}”, which is neither yes nor no: write true or false.', name, text),
  );
}

/** Said wherever such a connection is used. */
export function unverified({ label }: Endpoint): string {
  return t('The certificate of {0} is not verified: whoever is on the way can pass for it.', label);
}

function notesOn(env: Environment, endpoint: Endpoint): string[] {
  const notes: string[] = [];
  for (const name of ['CONSUL_NAMESPACE', 'CONSUL_PARTITION']) {
    if (env[name]) {
      notes.push(
        t(
          '{0} is not used: agents look for remote exec jobs in the default namespace and partition only.',
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
    notes.push(
      t(
        '{0} has no effect: {1} is reached without TLS. Write https:// in CONSUL_HTTP_ADDR or set CONSUL_HTTP_SSL to true.',
        unused.join(', '),
        endpoint.label,
      ),
    );
  }
  return notes;
}

function sourced(env: Environment, name: string): Sourced | undefined {
  const value = env[name];
  return value ? { value, from: name } : undefined;
}
