import type { Endpoint } from './address.ts';

/** How to reach one agent. */
export interface ConnectionOptions {
  readonly endpoint: Endpoint;
  readonly token?: string | undefined;
  /** For a reverse proxy before the agent; sent in addition to the token. */
  readonly basicAuth?: { readonly user: string; readonly password: string } | undefined;
  /** Used if the endpoint is `https://`. */
  readonly tls?: TlsOptions | undefined;
  readonly proxy?: ProxyOptions | undefined;
  /** Whether any server can handle catalog reads, not only the leader, like the CLI's `-stale`. */
  readonly stale?: boolean | undefined;
  /** Reads the token, the certificates and the rest again, without asking the user. */
  readonly refresh?: (() => Promise<ConnectionOptions>) | undefined;
  /** Called after each request: without an error if the agent responded, with one if it can't be reached. */
  readonly onOutcome?: ((error: Error | undefined) => void) | undefined;
}

/** Contains PEM texts, not paths. */
export interface TlsOptions {
  /** Replaces the system's authorities. */
  readonly ca?: readonly string[] | undefined;
  /** The field or variable that names `ca`, for messages; undefined if the connection names none. */
  readonly caFrom?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Replaces the address's host name in the TLS handshake and in the check of the certificate. */
  readonly serverName?: string | undefined;
  readonly verify: boolean;
}

export interface ProxyOptions {
  /** Can contain a user name and a password. */
  readonly url: string;
  /** The URL as shown to the user. */
  readonly label: string;
  /** The setting or variable for its user name and password. */
  readonly from: string;
  /** A complete `Proxy-Authorization` header; takes precedence over the URL. */
  readonly authorization?: string | undefined;
  /** Whether the proxy's own certificate must be valid. */
  readonly verify: boolean;
}
