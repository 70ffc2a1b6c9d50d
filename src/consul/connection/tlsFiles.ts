import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import type { TlsOptions } from '../connectionOptions.ts';
import { systemAuthorities } from './authorities.ts';
import { ConnectionError } from './connectionError.ts';
import type { Sourced, TlsSpec } from './connectionSpec.ts';

/**
 * Reads what TLS needs from its files, and looks at it before OpenSSL does: its own complaints name
 * neither file nor remedy.
 * @param useSystem whether the system's authorities are trusted where the connection names none
 * @throws ConnectionError naming the file and the field
 */
export async function loadTls(spec: TlsSpec, useSystem: boolean): Promise<TlsOptions> {
  const { serverName, verify } = spec;
  const [named, client] = await Promise.all([loadAuthorities(spec), loadClient(spec)]);
  const ca = named ?? (useSystem && verify ? systemAuthorities() : undefined);
  return { ca, ...client, serverName, verify };
}

async function loadAuthorities({ caFile, caPath }: TlsSpec): Promise<string[] | undefined> {
  if (caFile) return certificatesIn(await readText(caFile), caFile);
  if (!caPath) return undefined;
  const files = await filesIn(caPath);
  const found = await Promise.all(
    files.map(async (file) => {
      const certificates = blocks(await readText(file), 'CERTIFICATE');
      // Other files may lie there; one with a certificate that is none is blamed by its own name.
      return certificates.length > 0 ? checked(certificates, file) : [];
    }),
  );
  if (found.some(({ length }) => length > 0)) return found.flat();
  throw new ConnectionError(
    'notCertificate',
    caPath.from,
    t('No file in the folder {0} ({1}) holds a PEM certificate.', caPath.value, caPath.from),
  );
}

async function loadClient({
  clientCert,
  clientKey,
}: TlsSpec): Promise<Pick<TlsOptions, 'cert' | 'key'>> {
  if (!clientCert || !clientKey) return {};
  const [certText, key] = await Promise.all([readText(clientCert), readText(clientKey)]);
  const cert = certificatesIn(certText, clientCert);
  const privateKey = keyIn(key, clientKey);
  if (!new X509Certificate(cert[0] ?? '').checkPrivateKey(privateKey)) {
    throw new ConnectionError(
      'keyMismatch',
      clientKey.from,
      t(
        'The key in {0} ({1}) does not belong to the certificate in {2}.',
        clientKey.value,
        clientKey.from,
        clientCert.value,
      ),
    );
  }
  return { cert: cert.join('\n'), key };
}

function certificatesIn(text: string, file: Sourced): string[] {
  return checked(blocks(text, 'CERTIFICATE'), file);
}

function checked(certificates: string[], file: Sourced): string[] {
  try {
    if (certificates.length === 0) throw new Error('no PEM block');
    for (const certificate of certificates) new X509Certificate(certificate);
    return certificates;
  } catch (error) {
    throw new ConnectionError(
      'notCertificate',
      file.from,
      t('{0} ({1}) holds no readable PEM certificate.', file.value, file.from),
      error,
    );
  }
}

function keyIn(text: string, file: Sourced) {
  if (/BEGIN ENCRYPTED|^Proc-Type:.*ENCRYPTED/m.test(text)) {
    throw new ConnectionError(
      'encryptedKey',
      file.from,
      t(
        'The key in {0} ({1}) is protected by a passphrase: name one that is not.',
        file.value,
        file.from,
      ),
    );
  }
  try {
    return createPrivateKey(text);
  } catch {
    // The cause is left out: it might tell of the key.
    throw new ConnectionError(
      'notKey',
      file.from,
      t('{0} ({1}) holds no readable PEM private key.', file.value, file.from),
    );
  }
}

function blocks(text: string, label: string): string[] {
  return text.match(new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`, 'g')) ?? [];
}

/**
 * Every regular file below the folder, as the API client walks it. Links are followed, as in a volume
 * that Kubernetes mounts; a pipe or a socket would keep us waiting for ever.
 */
async function filesIn(folder: Sourced): Promise<Sourced[]> {
  const { from } = folder;
  const names = await guarded(folder, () =>
    readdir(expandHome(folder.value), { recursive: true, withFileTypes: true }),
  );
  const files = await Promise.all(
    names
      .filter((entry) => !entry.isDirectory())
      .map(async (entry) => {
        const file = { value: join(entry.parentPath, entry.name), from };
        const { isFile } = await guarded(file, async () => {
          const found = await stat(file.value);
          return { isFile: found.isFile() };
        });
        return isFile ? [file] : [];
      }),
  );
  return files.flat();
}

/**
 * @throws ConnectionError when the file is missing or may not be read
 */
export function readText(file: Sourced): Promise<string> {
  return guarded(file, () => readFile(expandHome(file.value), 'utf8'));
}

/** @throws ConnectionError naming the path, where it was written, and what to do about it */
async function guarded<T>(path: Sourced, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    const problem = code === 'ENOENT' ? 'fileMissing' : 'fileUnreadable';
    throw new ConnectionError(problem, path.from, unreadable(path, code), error);
  }
}

function unreadable({ value, from }: Sourced, code: string): string {
  switch (code) {
    case 'ENOENT':
      return t('{0} ({1}) does not exist.', value, from);
    case 'EISDIR':
      return t('{0} ({1}) is a folder: name a file in it.', value, from);
    case 'ENOTDIR':
      return t('{0} ({1}) is not a folder, or lies in something that is none.', value, from);
    case 'EACCES':
    case 'EPERM':
      return t('{0} ({1}) may not be read by you: check its permissions.', value, from);
    default:
      return t('{0} ({1}) cannot be read: {2}.', value, from, code);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}

function expandHome(path: string): string {
  return /^~[/\\]/.test(path) ? join(homedir(), path.slice(2)) : path;
}
