import { posix } from 'node:path';
import { t } from '@vscode/l10n';
import { displayName } from './displayName.ts';

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

/**
 * The name under which a node's keys are: agents clean the path as Go's `path.Join` does, so that
 * `a//b` writes below `a/b` (PROTOCOL.md §2.6).
 * @returns undefined for a node whose keys are outside the run's tree, or below no name in it
 */
export function keyName(node: string): string | undefined {
  if (!/[/.]/.test(node) && node !== '') return node;
  const clean = posix.normalize(`./${node}`).replace(/\/$/, '');
  return clean === '.' || clean === '..' || clean.startsWith('../') ? undefined : clean;
}

/** Whether what a node of this name answers can be heard: it runs the job in any case. */
export function canBeHeard(node: string): boolean {
  return keyName(node) !== undefined;
}

/** What to say of a node that cannot. */
export function unheardOf(node: string): string {
  return t(
    'The answers of “{0}” cannot be heard: its agent writes them outside of the run’s keys, because of its name.',
    displayName(node),
  );
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

/** Beyond it chunks' names have six digits, and their order as text is no longer that of the numbers. */
export const LAST_OF_FIVE_DIGITS = 0xfffff;

/** A chunk's number as agents write it: `%05x` (PROTOCOL.md §2.3). */
export function chunkName(sequence: number): string {
  return sequence.toString(16).padStart(5, '0');
}
