import { promisify } from 'node:util';
import { gunzip, type ZlibOptions } from 'node:zlib';
import { detachBuffer } from './detachBuffer.ts';

const unzipInto = promisify<Buffer, ZlibOptions, Buffer>(gunzip);
const MAX_CHUNK_BYTES = 16 * 1024 * 1024;

/**
 * Decompresses into one buffer of the size that gzip writes at its end. Growing buffers would need several
 * times the memory, which the garbage collector frees late.
 */
async function unzip(zipped: Buffer): Promise<Buffer> {
  const size = zipped.length > 18 ? zipped.readUInt32LE(zipped.length - 4) : 0;
  // One extra byte lets zlib detect the end. The size is untrusted input, so it is limited.
  const chunkSize = Math.min(MAX_CHUNK_BYTES, Math.max(4096, size + 1));
  const body = await unzipInto(zipped, { chunkSize });
  detachBuffer(zipped);
  return body;
}

/**
 * Decompresses a body. Requests accept nothing but gzip.
 * @param encoding the header `Content-Encoding`
 * @throws an error of zlib for damaged data; Error for another encoding
 */
export async function decompress(body: Buffer, encoding: string): Promise<Buffer> {
  if (encoding === '' || encoding === 'identity' || body.length === 0) return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw new Error('not a requested encoding');
  return unzip(body);
}
