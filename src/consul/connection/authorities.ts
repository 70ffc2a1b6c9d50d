import * as tls from 'node:tls';

/**
 * Whom this machine trusts: Node's own list, and the system's, which Consul's client takes and which
 * holds the authorities of a company.
 * @returns undefined where Node cannot tell, before 22.15: it then uses its own list
 */
export function systemAuthorities(): readonly string[] | undefined {
  if (!('getCACertificates' in tls)) return undefined;
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}
