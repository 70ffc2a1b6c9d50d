import { parseAddress } from '../endpoint/address.ts';
import {
  type ConnectionSpec,
  type Environment,
  isTls,
  sourced,
  type TokenSpec,
} from './connectionSpec.ts';
import { tokenFromEnvironment, unverifiedMessage } from './environment.ts';
import type { ConnectionProfile } from './profileSchema.ts';

/**
 * The connection that a profile describes. From the environment it takes only the token, and only if the
 * profile says so: a mix of both could lead to an unintended cluster.
 * @param profile a profile that `readProfiles` accepted
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
    token: tokenFromProfile(profile, env),
    stale,
    production,
    proxy,
    notes: isTls(endpoint) && !tls.verify ? [unverifiedMessage(endpoint)] : [],
  };
}

/** Sends no token unless the profile names one: the environment's may belong to another cluster. */
function tokenFromProfile(
  { tokenSource, tokenFile }: ConnectionProfile,
  env: Environment,
): TokenSpec {
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
