import { t } from '@vscode/l10n';
import * as v from 'valibot';
import { shorten } from '../../base/shorten.ts';
import { ConsulError } from './consulErrors.ts';

const MAX_NAMES_LENGTH = 200;
const Certificate = v.object({
  subjectaltname: v.optional(v.string()),
  subject: v.optional(v.object({ CN: v.optional(v.string(), '') }), { CN: '' }),
});

/** Why a TLS connection can't be established. */
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

/** The TLS connection can't be established. A retry doesn't help. */
export class TlsError extends ConsulError {
  override readonly name = 'TlsError';
  readonly kind = 'tls';
  readonly problem: TlsProblem;
  readonly address: string;
  /** A code of OpenSSL or Node: for example `SELF_SIGNED_CERT_IN_CHAIN`. */
  readonly code: string;

  /** @param caFrom the field or variable that names the authorities, if any */
  constructor(
    problem: TlsProblem,
    address: string,
    code: string,
    cause?: unknown,
    caFrom?: string,
  ) {
    const message =
      problem === 'unknownAuthority'
        ? authorityMessage(address, caFrom)
        : tlsMessage(problem, address, code, cause);
    super(message, { cause });
    this.problem = problem;
    this.address = address;
    this.code = code;
  }
}

/** What the codes mean, on both sides of the connection. */
const PROBLEMS_BY_CODE: Readonly<Record<string, TlsProblem>> = {
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
 * Other results of OpenSSL's verification, as Node names them: wrong purpose, signed by something that
 * isn't a CA, chain too long, revoked, weak key (`UNSPECIFIED`, as for everything without a name in Node).
 */
const UNSUITABLE =
  /^(?:CERT_(?:CHAIN_TOO_LONG|REJECTED|REVOKED)|CRL_\w+|ERROR_IN_\w+|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_EXCEEDED|UNABLE_TO_(?:GET_CRL|DECRYPT_\w+|DECODE_\w+)|UNSPECIFIED)$/;

/** Alerts with which a server rejects a client certificate; the names depend on the OpenSSL version. */
const CLIENT_ALERT =
  /^ERR_SSL_[A-Z0-9/]+_(?:ALERT_)?(?:BAD_CERTIFICATE|CERTIFICATE_REQUIRED|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|ACCESS_DENIED)$/;

/**
 * @param code an error code of OpenSSL, Node or undici
 * @param hasClientCertificate whether the client offered a certificate
 * @returns undefined if the code isn't about TLS
 */
export function tlsProblem(code: string, hasClientCertificate: boolean): TlsProblem | undefined {
  const known = PROBLEMS_BY_CODE[code];
  if (known) return known;
  if (CLIENT_ALERT.test(code)) {
    return hasClientCertificate ? 'clientCertificateRefused' : 'clientCertificateMissing';
  }
  if (UNSUITABLE.test(code)) return 'unsuitable';
  return /^(?:ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|EPROTO$)/.test(code) ? 'other' : undefined;
}

/**
 * Whether a server that expects TLS responded to plain HTTP. The status is 400, and Go's server and nginx
 * each use their own text; there is no other indication.
 */
export function isAnswerToPlain(status: number, body: string): boolean {
  return (
    status === 400 &&
    /HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port/.test(body)
  );
}

function authorityMessage(address: string, caFrom: string | undefined): string {
  return caFrom === undefined
    ? t(
        'The certificate of {0} is signed by an untrusted authority. Set the right CA (CONSUL_CACERT, or "tls.caFile" on the connection).',
        address,
      )
    : t(
        'The certificate of {0} is signed by an authority that isn\'t in "{1}". Add the certificate of the authority that signed it, which can be an intermediate one.',
        address,
        caFrom,
      );
}

function tlsMessage(
  problem: Exclude<TlsProblem, 'unknownAuthority'>,
  address: string,
  code: string,
  cause: unknown,
): string {
  switch (problem) {
    case 'wrongName':
      return wrongNameMessage(address, cause);
    case 'expired':
      return t('The certificate of {0} has expired. Renew it on the agent.', address);
    case 'notYetValid':
      return t(
        "The certificate of {0} isn't valid yet. Check the clocks of both machines.",
        address,
      );
    case 'unsuitable':
      return t(
        "The certificate of {0} can't be accepted ({1}). The agent needs a server certificate.",
        address,
        detailOf(cause, code),
      );
    case 'clientCertificateMissing':
      return t(
        '{0} requires a client certificate. Set one and its key (CONSUL_CLIENT_CERT and CONSUL_CLIENT_KEY, or "tls.clientCert" and "tls.clientKey" on the connection).',
        address,
      );
    case 'clientCertificateRefused':
      return t(
        "{0} rejected the client certificate of this connection. Use a valid one signed by the agent's CA.",
        address,
      );
    case 'plainToTls':
      return t(
        '{0} uses HTTPS, but the request was plain HTTP. Use https:// in the address.',
        address,
      );
    case 'tlsToPlain':
      return t(
        "{0} doesn't use HTTPS. Use http:// in the address, or the agent's HTTPS port (often 8501).",
        address,
      );
    case 'other':
      return t("Couldn't establish a TLS connection to {0} ({1}).", address, code);
  }
}

/** OpenSSL's message, which is only a few words long. */
function detailOf(cause: unknown, code: string): string {
  return cause instanceof Error && cause.message !== '' ? cause.message : code;
}

/** Without a name in the certificate, no setting helps, so the message proposes none. */
function wrongNameMessage(address: string, cause: unknown): string {
  const names = namesInCertificate(cause);
  if (names === '') {
    return t(
      'The certificate of {0} contains no host name. The agent needs a certificate with its DNS name or IP address.',
      address,
    );
  }
  return names.includes('*')
    ? t(
        'The certificate of {0} is for another name ({1}). Set a name that matches, with * replaced (CONSUL_TLS_SERVER_NAME, or "tls.serverName" on the connection).',
        address,
        names,
      )
    : t(
        'The certificate of {0} is for another name ({1}). Set the expected name (CONSUL_TLS_SERVER_NAME, or "tls.serverName" on the connection).',
        address,
        names,
      );
}

/**
 * The names in a certificate, shortened and sanitized because a stranger wrote them. The subject's name
 * counts only if there are no others.
 */
function namesInCertificate(cause: unknown): string {
  const cert = v.safeParse(Certificate, cause instanceof Error && 'cert' in cause && cause.cert);
  if (!cert.success) return '';
  const { subjectaltname, subject } = cert.output;
  return shorten(
    (subjectaltname ?? subject.CN)
      .replaceAll('DNS:', '')
      .replaceAll('IP Address:', '')
      .replace(/[^\w.*:, -]/g, '?'),
    MAX_NAMES_LENGTH,
  );
}
