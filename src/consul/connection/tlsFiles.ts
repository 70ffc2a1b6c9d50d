import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import type { TlsOptions } from '../connectionOptions.ts';
import { ConnectionError } from './connectionError.ts';
import type { Sourced, TlsSpec } from './connectionSpec.ts';

/**
 * Reads what TLS needs from its files, and looks at it before OpenSSL does: its own complaints name
 * neither file nor remedy.
 * @throws ConnectionError naming the file and the field
 */
export async function loadTls(spec: TlsSpec): Promise<TlsOptions> {
  const { serverName, verify } = spec;
  const [ca, client] = await Promise.all([loadAuthorities(spec), loadClient(spec)]);
  return { ca, ...client, serverName, verify };
}

async function loadAuthorities({ caFile, caPath }: TlsSpec): Promise<string[] | undefined> {
  if (caFile) return certificatesIn(await readText(caFile), caFile);
  if (!caPath) return undefined;
  const found = (await textsIn(caPath)).flatMap((text) => blocks(text, 'CERTIFICATE'));
  if (found.length > 0) return checked(found, caPath);
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

/** Every file below the folder, as the API client walks it. */
async function textsIn(folder: Sourced): Promise<string[]> {
  const root = expandHome(folder.value);
  let names;
  try {
    names = await readdir(root, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw unreadable(error, folder);
  }
  const files = names.filter((entry) => !entry.isDirectory());
  return Promise.all(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return readFile(path, 'utf8').catch((error: unknown) => {
        // A link to a folder, as in a volume that Kubernetes mounts.
        if (codeOf(error) === 'EISDIR') return '';
        throw unreadable(error, { value: path, from: folder.from });
      });
    }),
  );
}

/**
 * @throws ConnectionError when the file is missing or may not be read
 */
export async function readText(file: Sourced): Promise<string> {
  try {
    return await readFile(expandHome(file.value), 'utf8');
  } catch (error) {
    throw unreadable(error, file);
  }
}

function unreadable(error: unknown, { value, from }: Sourced): ConnectionError {
  const code = codeOf(error);
  if (code === 'ENOENT') {
    return new ConnectionError(
      'fileMissing',
      from,
      t('{0} ({1}) does not exist.', value, from),
      error,
    );
  }
  const text = t('{0} ({1}) cannot be read: {2}.', value, from, code);
  return new ConnectionError('fileUnreadable', from, text, error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}

function expandHome(path: string): string {
  return /^~[/\\]/.test(path) ? join(homedir(), path.slice(2)) : path;
}
