import { parseAddress } from '../address.ts';
import {
  type ConnectionSpec,
  type Environment,
  isTls,
  type Sourced,
  type TokenSpec,
} from './connectionSpec.ts';
import { tokenFromEnvironment, unverified } from './environment.ts';
import type { ConnectionProfile } from './profileSchema.ts';

/**
 * The connection a profile describes. Of the environment it takes the token, if the profile says
 * so, and nothing else: half a connection from each would lead somewhere nobody meant.
 * @param profile one that `readProfiles` accepted
 */
export function specFromProfile(profile: ConnectionProfile, env: Environment): ConnectionSpec {
  const { name, datacenter, tls, basicAuthUser, proxy, stale, production } = profile;
  const endpoint = parseAddress(profile.address);
  return {
    name,
    endpoint,
    datacenter,
    tls: {
      caFile: sourced(tls.caFile, 'tls.caFile'),
      caPath: sourced(tls.caPath, 'tls.caPath'),
      clientCert: sourced(tls.clientCert, 'tls.clientCert'),
      clientKey: sourced(tls.clientKey, 'tls.clientKey'),
      serverName: tls.serverName,
      verify: tls.verify,
    },
    basicAuth:
      basicAuthUser === undefined ? undefined : { user: basicAuthUser, password: undefined },
    token: tokenOf(profile, env),
    stale,
    production,
    proxy,
    notes: isTls(endpoint) && !tls.verify ? [unverified(endpoint)] : [],
  };
}

/** No token is sent unless the profile says which: the environment's may be another cluster's. */
function tokenOf({ tokenSource, tokenFile }: ConnectionProfile, env: Environment): TokenSpec {
  const file = sourced(tokenFile, 'tokenFile');
  if (file) return { kind: 'file', file };
  switch (tokenSource) {
    case 'environment':
      return tokenFromEnvironment(env);
    case 'secret':
    case 'prompt':
      return { kind: tokenSource };
    case 'none':
    case 'file':
    case undefined:
      return { kind: 'none' };
  }
}

function sourced(value: string | undefined, from: string): Sourced | undefined {
  return value === undefined ? undefined : { value, from };
}
