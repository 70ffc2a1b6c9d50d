import { t } from '@vscode/l10n';

/**
 * Describes why there is no response, as a clause after a colon. Node's own texts repeat the address and
 * use the names of system calls: "connect ECONNREFUSED 127.0.0.1:1".
 * @param code of the operating system, undici or Node
 * @param detail used for other codes
 */
export function unreachableReason(code: string, detail: string): string {
  if (code.startsWith('HPE_')) return t("the response isn't HTTP");
  return REASONS[code]?.() ?? detail;
}

const unresolved = () => t("the host name can't be resolved");
const noNameServer = () => t("the name server doesn't respond");
const closed = () => t('the connection was closed before the response ended');
const noHost = () => t("the host can't be reached from this network");
const noNetwork = () => t("the network can't be reached");
const connectTimeout = () => t('the connection timed out');
const responseTimeout = () => t('the response timed out');
const forbidden = () => t("you don't have permission to connect");

const REASONS: Readonly<Record<string, () => string>> = {
  ECONNREFUSED: () => t('the connection was refused'),
  ENOTFOUND: unresolved,
  EAI_AGAIN: noNameServer,
  EAI_FAIL: noNameServer,
  ETIMEDOUT: connectTimeout,
  UND_ERR_CONNECT_TIMEOUT: connectTimeout,
  UND_ERR_HEADERS_TIMEOUT: responseTimeout,
  UND_ERR_BODY_TIMEOUT: responseTimeout,
  ECONNRESET: closed,
  ECONNABORTED: closed,
  EPIPE: closed,
  UND_ERR_SOCKET: closed,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: closed,
  EHOSTUNREACH: noHost,
  EHOSTDOWN: noHost,
  ENETUNREACH: noNetwork,
  ENETDOWN: noNetwork,
  EADDRNOTAVAIL: noNetwork,
  ENOENT: () => t("the socket file doesn't exist"),
  EACCES: forbidden,
  EPERM: forbidden,
};
