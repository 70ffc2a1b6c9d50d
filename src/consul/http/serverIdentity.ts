import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/**
 * Checks the host name of a certificate as Node does, and accepts one thing more, as Go does: a wildcard
 * directly under a domain of one label, such as `*.lan`.
 * @returns the error of Node's check, or undefined if the name matches
 */
export function verifyIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  const error = checkServerIdentity(host, certificate);
  if (!error || isIP(host) !== 0) return error;
  const [, domain] = /^[\w-]+\.([\w-]+)\.?$/.exec(host.toLowerCase()) ?? [];
  if (domain === undefined) return error;
  return shortWildcards(certificate).includes(domain) ? undefined : error;
}

/** @returns `lan` for each `*.lan` in a certificate */
function shortWildcards({ subjectaltname = '' }: PeerCertificate): string[] {
  // Node puts a name with special characters in quotes, so that it can't pretend to be several names.
  if (subjectaltname.includes('"')) return [];
  return subjectaltname.split(', ').flatMap((entry) => {
    const [, domain] =
      /^DNS:\*\.([\w-]+)$/.exec(entry.toLowerCase().replace(/^dns:/, 'DNS:')) ?? [];
    return domain ?? [];
  });
}
