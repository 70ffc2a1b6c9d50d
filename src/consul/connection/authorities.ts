import * as tls from 'node:tls';

/**
 * The certificate authorities that this machine trusts: Node's own list, and the system's, which Consul's
 * client uses and which contains the authorities of a company.
 * @returns undefined before Node 22.15, which can't list them and uses its own list
 */
export function systemAuthorities(): readonly string[] | undefined {
  if (!('getCACertificates' in tls)) return undefined;
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}
