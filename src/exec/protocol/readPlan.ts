import { MAX_OPERATIONS } from '../../consul/kv.ts';
import { chunkName } from './keys.ts';

/** Keys of one node that a listing showed and that have not been read. */
export interface Unread {
  readonly node: string;
  /** Chunk numbers, ascending. */
  readonly chunks: readonly number[];
  readonly exit: boolean;
  /** Whether nothing of this node has been read. */
  readonly fresh: boolean;
}

/** The most that agents write into one key (PROTOCOL.md §2.3). */
const CHUNK_BYTES = 4096;
/**
 * Bytes of output to request at once. Parsing an answer of that size takes one or two milliseconds,
 * which the editor does not notice, and the copies on the way use little memory.
 */
const REQUEST_BYTES = 256 * 1024;
/** A node with at most this many chunks is read as a whole; larger ones are split at REQUEST_BYTES. */
const WHOLE_NODE_CHUNKS = 64;

interface Operation {
  readonly prefix: string;
  readonly bytes: number;
}

/**
 * Packs unread keys into few requests, each a list of prefixes for `readTrees`. A prefix covers as
 * many keys as possible: all keys of a node, or 16 chunks, whose numbers are hexadecimal. Requests
 * preserve the order of a node's chunks, with its exit last.
 */
export function* planReads(tree: string, unread: Iterable<Unread>): Generator<string[], void> {
  let request: string[] = [];
  let bytes = 0;
  for (const node of unread) {
    for (const operation of operations(tree, node)) {
      if (request.length === MAX_OPERATIONS || bytes + operation.bytes > REQUEST_BYTES) {
        if (request.length > 0) yield request;
        request = [];
        bytes = 0;
      }
      request.push(operation.prefix);
      bytes += operation.bytes;
    }
  }
  if (request.length > 0) yield request;
}

function* operations(tree: string, unread: Unread): Generator<Operation> {
  const { node, chunks, exit, fresh } = unread;
  if (fresh && chunks.length <= WHOLE_NODE_CHUNKS) {
    yield { prefix: `${tree}${node}/`, bytes: chunks.length * CHUNK_BYTES };
    return;
  }
  for (const prefix of chunkPrefixes(chunks)) {
    yield { prefix: `${tree}${node}/out/${prefix.name}`, bytes: prefix.count * CHUNK_BYTES };
  }
  if (exit) yield { prefix: `${tree}${node}/exit`, bytes: 0 };
}

/** From this many on, chunks that share all but the last digit of their number are read together. */
const MIN_BLOCK_CHUNKS = 8;

function* chunkPrefixes(chunks: readonly number[]): Generator<{ name: string; count: number }> {
  for (const [name, members] of Map.groupBy(chunks, (chunk) => chunkName(chunk).slice(0, -1))) {
    if (members.length >= MIN_BLOCK_CHUNKS) yield { name, count: members.length };
    else for (const chunk of members) yield { name: chunkName(chunk), count: 1 };
  }
}
