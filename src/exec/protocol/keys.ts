import { posix } from 'node:path';
import { t } from '@vscode/l10n';
import { displayName } from '../../base/displayName.ts';

/** Where a session of a run has its keys: `<prefix>/<session>/…` (PROTOCOL.md §0). */
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

/** The event's payload holds the prefix, and servers since 1.22 accept 300 bytes (PROTOCOL.md §3.9). */
const MAX_PREFIX_LENGTH = 200;

/** A prefix that no run can work with. */
export class PrefixError extends Error {
  override readonly name = 'PrefixError';
}

/**
 * @throws PrefixError: agents clean the path, so with anything but plain segments they would write
 * elsewhere than we read (PROTOCOL.md §2.6)
 */
export function requirePrefix(prefix: string): string {
  const clean = prefix.replace(/\/$/, '');
  const segments = clean.split('/');
  if (clean.length > MAX_PREFIX_LENGTH) {
    throw new PrefixError(
      t('The key prefix is too long for an event. Use at most {0} characters.', MAX_PREFIX_LENGTH),
    );
  }
  if (segments.some((s) => s === '' || s === '.' || s === '..' || s !== s.trim())) {
    throw new PrefixError(
      t(
        '"{0}" is not a valid key prefix. Use names separated by single slashes, without a leading slash. Example: {1}.',
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
 * The name that a node's keys have: agents clean the path as Go's `path.Join` does, so that `a//b`
 * writes below `a/b` (PROTOCOL.md §2.6).
 * @returns undefined for a node whose keys are outside the run's tree, or have no name in it
 */
export function keyName(node: string): string | undefined {
  if (!/[/.]/.test(node) && node !== '') return node;
  const clean = posix.normalize(`./${node}`).replace(/\/$/, '');
  return clean === '.' || clean === '..' || clean.startsWith('../') ? undefined : clean;
}

/** Whether results of a node with this name can be read. It runs the job in any case. */
export function hasReadableKeys(node: string): boolean {
  return keyName(node) !== undefined;
}

export function unreadableNodeMessage(node: string): string {
  return t(
    'Results from "{0}" can\'t be read: because of its name, its agent writes them outside this run\'s key prefix.',
    displayName(node),
  );
}

/**
 * The key that a node's agent locks before it runs the job: without that lock it does not run it
 * (PROTOCOL.md §8.1).
 * @returns undefined for a node whose keys are outside the run's tree
 */
export function ackKey(tree: string, node: string): string | undefined {
  const name = keyName(node);
  return name === undefined ? undefined : `${tree}${name}/ack`;
}

/**
 * What the ack key of a node has that has begun, once a session of the run keeps it from beginning again
 * (PROTOCOL.md §8.7).
 */
export const BEGUN_VALUE = Buffer.from('begun');

/** What the key of a fence has, on an ack (PROTOCOL.md §8.2) as on a chunk. Nothing else of ours has it. */
export const FENCE_VALUE = Buffer.from('fenced');

/**
 * What a job key has once every node has begun or is fenced. Agents can't parse it, so one that receives
 * the event again does not begin the job again (PROTOCOL.md §8.7).
 */
export const WITHDRAWN_JOB = Buffer.from('withdrawn');

/**
 * The key of a chunk of a node's output. An agent that can't lock it uploads nothing more
 * (PROTOCOL.md §8.6).
 * @returns undefined for a node whose keys are outside the run's tree
 */
export function chunkKey(tree: string, node: string, sequence: number): string | undefined {
  const name = keyName(node);
  return name === undefined ? undefined : `${tree}${name}/out/${chunkName(sequence)}`;
}

const HEX = /^[0-9a-f]{5,}$/;

/**
 * Parses a key below a run's tree from its right end: node names can contain slashes, and can even be
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

/** Chunks beyond this have names of six digits, whose order as text is not that of the numbers. */
export const LAST_OF_FIVE_DIGITS = 0xfffff;

/** A chunk's number as agents write it: `%05x` (PROTOCOL.md §2.3). */
export function chunkName(sequence: number): string {
  return sequence.toString(16).padStart(5, '0');
}
