import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import type { TlsOptions } from '../endpoint/connectionOptions.ts';
import { systemAuthorities } from './authorities.ts';
import { ConnectionError } from './connectionError.ts';
import type { Sourced, TlsSpec } from './connectionSpec.ts';
import { accessFile, readText } from './connectionFiles.ts';

/**
 * Reads the TLS files and checks them before OpenSSL does, whose errors name neither file nor remedy.
 * @param useSystem whether to trust the system's authorities if the connection names none
 * @param folder where relative paths start
 * @throws ConnectionError that names the file and the field
 */
export async function loadTls(
  spec: TlsSpec,
  useSystem: boolean,
  folder?: string,
): Promise<TlsOptions> {
  const { serverName, verify } = spec;
  const [named, client] = await Promise.all([
    loadAuthorities(spec, folder),
    loadClient(spec, folder),
  ]);
  const ca = named ?? (useSystem && verify ? systemAuthorities() : undefined);
  const caFrom = named ? (spec.caFile ?? spec.caPath)?.from : undefined;
  return { ca, caFrom, ...client, serverName, verify };
}

async function loadAuthorities(
  { caFile, caPath }: TlsSpec,
  folder: string | undefined,
): Promise<string[] | undefined> {
  if (caFile) return parseCertificates(await readText(caFile, folder), caFile);
  if (!caPath) return undefined;
  const files = await filesIn(caPath, folder);
  const found = await Promise.all(
    files.map(async (file) => {
      const certificates = pemBlocks(await readText(file, folder), 'CERTIFICATE');
      // Ignore files without certificates. An invalid certificate is an error that names its file.
      return certificates.length > 0 ? requireValid(certificates, file) : [];
    }),
  );
  if (found.some(({ length }) => length > 0)) return found.flat();
  throw new ConnectionError(
    'notCertificate',
    caPath.from,
    t('No file in the folder {0} ({1}) contains a PEM certificate.', caPath.value, caPath.from),
  );
}

async function loadClient(
  { clientCert, clientKey }: TlsSpec,
  folder: string | undefined,
): Promise<Pick<TlsOptions, 'cert' | 'key'>> {
  if (!clientCert || !clientKey) return {};
  const [certText, key] = await Promise.all([
    readText(clientCert, folder),
    readText(clientKey, folder),
  ]);
  const cert = parseCertificates(certText, clientCert);
  const privateKey = parseKey(key, clientKey);
  if (!new X509Certificate(cert[0] ?? '').checkPrivateKey(privateKey)) {
    throw new ConnectionError(
      'keyMismatch',
      clientKey.from,
      t(
        "The key in {0} ({1}) doesn't match the certificate in {2}.",
        clientKey.value,
        clientKey.from,
        clientCert.value,
      ),
    );
  }
  return { cert: cert.join('\n'), key };
}

function parseCertificates(text: string, file: Sourced): string[] {
  return requireValid(pemBlocks(text, 'CERTIFICATE'), file);
}

function requireValid(certificates: string[], file: Sourced): string[] {
  try {
    if (certificates.length === 0) throw new Error('no PEM block');
    for (const certificate of certificates) new X509Certificate(certificate);
    return certificates;
  } catch (error) {
    throw new ConnectionError(
      'notCertificate',
      file.from,
      t("{0} ({1}) doesn't contain a readable PEM certificate.", file.value, file.from),
      error,
    );
  }
}

function parseKey(text: string, file: Sourced) {
  if (/BEGIN ENCRYPTED|^Proc-Type:.*ENCRYPTED/m.test(text)) {
    throw new ConnectionError(
      'encryptedKey',
      file.from,
      t(
        'The key in {0} ({1}) is protected by a passphrase. Use a key without one.',
        file.value,
        file.from,
      ),
    );
  }
  try {
    return createPrivateKey(text);
  } catch {
    // Omit the cause: it might reveal parts of the key.
    throw new ConnectionError(
      'notKey',
      file.from,
      t("{0} ({1}) doesn't contain a readable PEM private key.", file.value, file.from),
    );
  }
}

function pemBlocks(text: string, label: string): string[] {
  return text.match(new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`, 'g')) ?? [];
}

/**
 * Finds every regular file below the folder, as the API client does. Follows links, which Kubernetes uses
 * in mounted volumes. Skips pipes and sockets, because reading them could block forever.
 */
async function filesIn(caPath: Sourced, base: string | undefined): Promise<Sourced[]> {
  const { from } = caPath;
  const names = await accessFile(caPath, base, (path) =>
    readdir(path, { recursive: true, withFileTypes: true }),
  );
  const files = await Promise.all(
    names
      .filter((entry) => !entry.isDirectory())
      .map(async (entry) => {
        const file = { value: join(entry.parentPath, entry.name), from };
        const isFile = await accessFile(file, base, async (path) => (await stat(path)).isFile());
        return isFile ? [file] : [];
      }),
  );
  return files.flat();
}
