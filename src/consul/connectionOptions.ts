import type { Endpoint } from './address.ts';

/** How to reach one agent. */
export interface ConnectionOptions {
  readonly endpoint: Endpoint;
  readonly token?: string | undefined;
  /** For a reverse proxy before the agent; sent beside the token. */
  readonly basicAuth?: { readonly user: string; readonly password: string } | undefined;
  /** Used when the endpoint is `https://`. */
  readonly tls?: TlsOptions | undefined;
  readonly proxy?: ProxyOptions | undefined;
  /** Whether any server may answer reads of the catalog, not only the leader: the CLI's `-stale`. */
  readonly stale?: boolean | undefined;
}

/** PEM texts, not paths. */
export interface TlsOptions {
  /** Trusted instead of the system's authorities. */
  readonly ca?: readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The name to ask for and to find in the certificate, instead of the address's. */
  readonly serverName?: string | undefined;
  readonly verify: boolean;
}

export interface ProxyOptions {
  /** May hold a user name and a password. */
  readonly url: string;
  /** What to show of it. */
  readonly label: string;
  /** The setting or variable that its user name and password belong into. */
  readonly from: string;
  /** A whole `Proxy-Authorization` header; beats what the URL holds. */
  readonly authorization?: string | undefined;
  /** Whether the certificate of the proxy itself must be right. */
  readonly verify: boolean;
}
