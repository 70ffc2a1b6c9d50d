import { t } from '@vscode/l10n';
import { ConsulError } from './errors.ts';

/** Why no TLS connection comes about. */
export type TlsProblem =
  | 'unknownAuthority'
  | 'wrongName'
  | 'expired'
  | 'notYetValid'
  | 'unsuitable'
  | 'clientCertificateMissing'
  | 'clientCertificateRefused'
  | 'plainToTls'
  | 'tlsToPlain'
  | 'other';

/** TLS stands between us and the agent; trying again changes nothing. */
export class TlsError extends ConsulError {
  override readonly name = 'TlsError';
  readonly kind = 'tls';
  readonly problem: TlsProblem;
  readonly address: string;
  /** OpenSSL's or Node's code, such as `SELF_SIGNED_CERT_IN_CHAIN`. */
  readonly code: string;

  constructor(problem: TlsProblem, address: string, code: string, cause?: unknown) {
    super(sentence(problem, address, code, cause), { cause });
    this.problem = problem;
    this.address = address;
    this.code = code;
  }
}

/** What the codes stand for, whichever side found the fault. */
const PROBLEMS: Readonly<Record<string, TlsProblem>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknownAuthority',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknownAuthority',
  UNABLE_TO_GET_ISSUER_CERT: 'unknownAuthority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknownAuthority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknownAuthority',
  CERT_SIGNATURE_FAILURE: 'unknownAuthority',
  CERT_UNTRUSTED: 'unknownAuthority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrongName',
  HOSTNAME_MISMATCH: 'wrongName',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'notYetValid',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tlsToPlain',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tlsToPlain',
  ERR_SSL_UNKNOWN_PROTOCOL: 'tlsToPlain',
  ERR_SSL_HTTP_REQUEST: 'tlsToPlain',
};

/**
 * The other outcomes of OpenSSL's verification, as Node names them: for another purpose, of no CA, in
 * too long a chain, revoked, with a weak key (`UNSPECIFIED`, as all that Node has no name for).
 */
const UNSUITABLE =
  /^(?:CERT_(?:CHAIN_TOO_LONG|REJECTED|REVOKED)|CRL_\w+|ERROR_IN_\w+|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_EXCEEDED|UNABLE_TO_(?:GET_CRL|DECRYPT_\w+|DECODE_\w+)|UNSPECIFIED)$/;

/** Alerts by which a server turns a client down for its certificate; each OpenSSL spells its own. */
const CLIENT_ALERT =
  /^ERR_SSL_[A-Z0-9/]+_(?:ALERT_)?(?:BAD_CERTIFICATE|CERTIFICATE_REQUIRED|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|ACCESS_DENIED)$/;

/**
 * @param code of an error of OpenSSL, Node or undici
 * @param hasClientCertificate whether one was offered
 * @returns undefined when the code is not about TLS
 */
export function tlsProblem(code: string, hasClientCertificate: boolean): TlsProblem | undefined {
  const known = PROBLEMS[code];
  if (known) return known;
  if (CLIENT_ALERT.test(code)) {
    return hasClientCertificate ? 'clientCertificateRefused' : 'clientCertificateMissing';
  }
  if (UNSUITABLE.test(code)) return 'unsuitable';
  return /^(?:ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|EPROTO$)/.test(code) ? 'other' : undefined;
}

/**
 * A server that expects TLS says so to plain HTTP in an ordinary answer with status 400: Go's server
 * and nginx each have a text of their own, and there is no other sign.
 */
export function isAnswerToPlain(status: number, body: string): boolean {
  return (
    status === 400 &&
    /HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port/.test(body)
  );
}

function sentence(problem: TlsProblem, address: string, code: string, cause: unknown): string {
  switch (problem) {
    case 'unknownAuthority':
      return t(
        'The certificate of {0} is signed by an authority that is not trusted: name the right CA (CONSUL_CACERT, or “tls.caFile” of the connection).',
        address,
      );
    case 'wrongName':
      return t(
        'The certificate of {0} is made out to another name ({1}): set the name to expect (CONSUL_TLS_SERVER_NAME, or “tls.serverName” of the connection).',
        address,
        namesOf(cause),
      );
    case 'expired':
      return t('The certificate of {0} has expired: it must be renewed on the agent.', address);
    case 'notYetValid':
      return t(
        'The certificate of {0} is not valid yet: check the clocks of both machines.',
        address,
      );
    case 'unsuitable':
      return t(
        'The certificate of {0} cannot be accepted ({1}): the agent needs another one, made for a server.',
        address,
        detailOf(cause, code),
      );
    case 'clientCertificateMissing':
      return t(
        '{0} demands a client certificate: name one and its key (CONSUL_CLIENT_CERT and CONSUL_CLIENT_KEY, or “tls.clientCert” and “tls.clientKey” of the connection).',
        address,
      );
    case 'clientCertificateRefused':
      return t(
        '{0} refuses the client certificate of this connection: use one that the agent’s own CA signed and that is still valid.',
        address,
      );
    case 'plainToTls':
      return t(
        '{0} speaks HTTPS and was asked in plain HTTP: write https:// in the address.',
        address,
      );
    case 'tlsToPlain':
      return t(
        '{0} does not speak HTTPS: write http:// in the address, or the agent’s HTTPS port (often 8501).',
        address,
      );
    case 'other':
      return t('No TLS connection to {0} comes about ({1}).', address, code);
  }
}

/** What OpenSSL says of it, which is never more than a few words of its own. */
function detailOf(cause: unknown, code: string): string {
  return cause instanceof Error && cause.message !== '' ? cause.message : code;
}

/** The names a certificate is made out to, cut short: it comes from the other side. */
function namesOf(cause: unknown): string {
  const cert = cause instanceof Error && 'cert' in cause ? cause.cert : undefined;
  const names =
    cert !== null && typeof cert === 'object' && 'subjectaltname' in cert
      ? String(cert.subjectaltname)
      : '';
  const plain = names
    .replaceAll('DNS:', '')
    .replaceAll('IP Address:', '')
    .replace(/[^\w.*:, -]/g, '?');
  if (plain === '') return t('none is given');
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain;
}
