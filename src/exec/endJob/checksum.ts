import { createHash } from 'node:crypto';

const POLYNOMIAL = 0x04c11db7;

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ POLYNOMIAL : value << 1;
  return value >>> 0;
});

/** What `cksum` prints for these bytes, which POSIX defines: a CRC and the length. */
export function posixChecksum(bytes: Uint8Array): string {
  let crc = 0;
  const add = (byte: number) => {
    crc = (crc << 8) ^ (TABLE[(crc >>> 24) ^ byte] ?? 0);
  };
  for (const byte of bytes) add(byte);
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) add(length & 0xff);
  return `${~crc >>> 0} ${bytes.length}`;
}

/** What `cksum` and `sha256sum` print: not every node has the second. */
export function digestOf(bytes: Uint8Array): string {
  return `${posixChecksum(bytes)} ${createHash('sha256').update(bytes).digest('hex')}`;
}
