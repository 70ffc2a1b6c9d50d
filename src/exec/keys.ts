import { t } from '@vscode/l10n';

/** Where a run keeps its keys: `<prefix>/<session>/…` (PROTOCOL.md §0). */
export interface RunKeys {
  readonly job: string;
  /** Ends in a slash, so that it selects nothing else. */
  readonly tree: string;
}

export type ResultKey =
  | { readonly kind: 'ack'; readonly node: string }
  | { readonly kind: 'exit'; readonly node: string }
  | { readonly kind: 'out'; readonly node: string; readonly sequence: number };

const DEFAULT_PREFIX = '_rexec';

/** The event's payload holds the prefix, and servers since 1.22 take 300 bytes (PROTOCOL.md §3.9). */
const LONGEST_PREFIX = 200;

/** A prefix under which no run can work. */
export class PrefixError extends Error {
  override readonly name = 'PrefixError';
}

/**
 * @throws PrefixError: agents clean the path, so anything but plain segments would make them write
 * elsewhere than we read (PROTOCOL.md §2.6)
 */
export function requirePrefix(prefix: string): string {
  const clean = prefix.replace(/\/$/, '');
  const segments = clean.split('/');
  if (clean.length > LONGEST_PREFIX) {
    throw new PrefixError(
      t('The key prefix is too long: an event has room for {0} characters of it.', LONGEST_PREFIX),
    );
  }
  if (segments.some((s) => s === '' || s === '.' || s === '..' || s !== s.trim())) {
    throw new PrefixError(
      t(
        '“{0}” cannot be a key prefix. Write names parted by single slashes, without a leading one, such as {1}.',
        prefix,
        DEFAULT_PREFIX,
      ),
    );
  }
  return clean;
}

export function runKeys(prefix: string, session: string): RunKeys {
  const tree = `${prefix}/${session}/`;
  return { job: `${tree}job`, tree };
}

const HEX = /^[0-9a-f]{5,}$/;

/**
 * Reads a key below a run's tree, from its right end: node names may hold slashes, and may even be
 * `job` or end in `/ack` (PROTOCOL.md §2.6).
 * @returns undefined for the job key and for keys that no agent writes
 */
export function parseKey(tree: string, key: string): ResultKey | undefined {
  if (!key.startsWith(tree)) return undefined;
  const last = key.lastIndexOf('/');
  const end = key.slice(last + 1);
  if (end === 'ack' || end === 'exit') {
    const node = key.slice(tree.length, last);
    return node === '' || last < tree.length ? undefined : { kind: end, node };
  }
  const out = last - '/out'.length;
  if (out > tree.length && key.startsWith('/out/', out) && HEX.test(end)) {
    return { kind: 'out', node: key.slice(tree.length, out), sequence: Number.parseInt(end, 16) };
  }
  return undefined;
}

/** A chunk's number as agents write it: `%05x` (PROTOCOL.md §2.3). */
export function chunkName(sequence: number): string {
  return sequence.toString(16).padStart(5, '0');
}
