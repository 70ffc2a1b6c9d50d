import type { Endpoint } from '../endpoint/address.ts';

/** The environment variables of a process, or a substitute in tests. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A value together with the field or variable that contains it, for messages. */
export interface Sourced {
  readonly value: string;
  /** For example `CONSUL_CACERT` or `tls.caFile`. */
  readonly from: string;
}

/** @returns undefined if the field or variable is unset or empty */
export function sourced(value: string | undefined, from: string): Sourced | undefined {
  return value ? { value, from } : undefined;
}

/** The TLS settings as written: files aren't opened yet. */
export interface TlsSpec {
  /** Replaces the system's authorities; a file takes precedence over a folder. */
  readonly caFile?: Sourced | undefined;
  readonly caPath?: Sourced | undefined;
  readonly clientCert?: Sourced | undefined;
  readonly clientKey?: Sourced | undefined;
  /** The name that the server's certificate must have, if it differs from the address. */
  readonly serverName?: string | undefined;
  readonly verify: boolean;
}

/** Where the token comes from. Only a token from the environment is in this object. */
export type TokenSpec =
  | { readonly kind: 'none' }
  | { readonly kind: 'value'; readonly token: string; readonly from: string }
  /** `otherwise` is used if the file is empty, as the API client does. */
  | { readonly kind: 'file'; readonly file: Sourced; readonly otherwise?: Sourced | undefined }
  /** Saved in secret storage under the connection's name. */
  | { readonly kind: 'secret' }
  | { readonly kind: 'prompt' };

/** How to connect, before files are read and the user is asked for secrets. */
export interface ConnectionSpec {
  /** The profile's name; empty for the connection from the environment. */
  readonly name: string;
  readonly endpoint: Endpoint;
  /** The datacenter to use; the agent's own if undefined. */
  readonly datacenter?: string | undefined;
  readonly tls: TlsSpec;
  /** `password` is undefined if it is in secret storage or the user must enter it. */
  readonly basicAuth?: { readonly user: string; readonly password: string | undefined } | undefined;
  readonly token: TokenSpec;
  readonly stale: boolean;
  readonly production: boolean;
  /** The proxy of this connection: a URL, or `none`. */
  readonly proxy?: string | undefined;
  /** Sentences about settings that have no effect or reduce protection. */
  readonly notes: readonly string[];
}

/** Whether requests to the endpoint use TLS. */
export function isTls(endpoint: Endpoint): boolean {
  return endpoint.origin.startsWith('https:');
}
