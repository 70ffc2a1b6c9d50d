import type { Endpoint } from '../address.ts';

/** The environment of a process, or what stands for it in a test. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A value together with the field or variable it was written in, for messages. */
export interface Sourced {
  readonly value: string;
  /** Such as `CONSUL_CACERT` or `tls.caFile`. */
  readonly from: string;
}

/** TLS as it was asked for: files that nobody has opened yet. */
export interface TlsSpec {
  /** Trusted instead of the system's authorities; a file beats a folder. */
  readonly caFile?: Sourced | undefined;
  readonly caPath?: Sourced | undefined;
  readonly clientCert?: Sourced | undefined;
  readonly clientKey?: Sourced | undefined;
  /** The name the server's certificate must have, where it is not the address's. */
  readonly serverName?: string | undefined;
  readonly verify: boolean;
}

/** Where the token comes from. Only the environment's own is held here. */
export type TokenSpec =
  | { readonly kind: 'none' }
  | { readonly kind: 'value'; readonly token: string; readonly from: string }
  /** `otherwise` is used when the file is empty, as the API client does. */
  | { readonly kind: 'file'; readonly file: Sourced; readonly otherwise?: Sourced | undefined }
  /** Kept by the editor under the connection's name. */
  | { readonly kind: 'secret' }
  | { readonly kind: 'prompt' };

/** How a connection is to be made, before any file is read and any secret is asked for. */
export interface ConnectionSpec {
  /** The profile's name; empty for the environment's connection. */
  readonly name: string;
  readonly endpoint: Endpoint;
  /** The datacenter to work in; the agent's own when undefined. */
  readonly datacenter?: string | undefined;
  readonly tls: TlsSpec;
  /** `password` is undefined when it is a secret to be asked for. */
  readonly basicAuth?: { readonly user: string; readonly password: string | undefined } | undefined;
  readonly token: TokenSpec;
  readonly stale: boolean;
  readonly production: boolean;
  /** A proxy of this connection's own: a URL, or `none`. */
  readonly proxy?: string | undefined;
  /** Sentences about what was set and has no effect. */
  readonly notes: readonly string[];
}

/** Whether the endpoint is spoken to over TLS. */
export function isTls(endpoint: Endpoint): boolean {
  return endpoint.origin.startsWith('https:');
}
