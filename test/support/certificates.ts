import { runCommand } from '../setup/command.ts';
import { ensureConsul } from '../setup/consul.ts';
import { join } from 'node:path';

/** Paths of PEM files created by `consul tls`. */
export interface Certificates {
  readonly ca: string;
  readonly serverCert: string;
  readonly serverKey: string;
  readonly clientCert: string;
  readonly clientKey: string;
}

/**
 * Creates a private CA with a server certificate for `server.dc1.consul` only, and a client certificate.
 * @param folder an existing empty folder
 */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const consul = await ensureConsul();
  const tls = (...args: string[]) => runCommand(consul, ['tls', ...args], { cwd: folder });
  await tls('ca', 'create');
  await tls('cert', 'create', '-server');
  await tls('cert', 'create', '-client');
  const file = (name: string) => join(folder, `${name}.pem`);
  return {
    ca: file('consul-agent-ca'),
    serverCert: file('dc1-server-consul-0'),
    serverKey: file('dc1-server-consul-0-key'),
    clientCert: file('dc1-client-consul-0'),
    clientKey: file('dc1-client-consul-0-key'),
  };
}
