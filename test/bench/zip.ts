import { readFileSync } from 'node:fs';

const ENTRY = 0x02014b50;

/** The size of the unpacked files of a zip archive, in bytes. */
export function unpackedSize(path: string): number {
  const zip = readFileSync(path);
  let size = 0;
  // The directory at the end of the archive has one entry for each file.
  let at = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  for (; zip.readUInt32LE(at) === ENTRY;) {
    size += zip.readUInt32LE(at + 24);
    const [name, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return size;
}
