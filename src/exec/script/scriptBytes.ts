const CRLF = Buffer.from('\r\n');

/** Whether the bytes are valid UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * The bytes that the nodes must receive, in base64. Undefined where they are the UTF-8 of the text.
 * A byte order mark is left out, because the kernel would not find the `#!` line after it.
 * @param text what the document shows for the bytes
 */
export function bytesToSend(text: string, bytes: Uint8Array): string | undefined {
  const script = toLf(withoutMark(Buffer.from(bytes)));
  const plain = Buffer.from(text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n'));
  return script.equals(plain) ? undefined : script.toString('base64');
}

function withoutMark(bytes: Buffer): Buffer {
  const hasMark = bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf;
  return hasMark ? bytes.subarray(3) : bytes;
}

/**
 * Changes CRLF to LF if every line ends in CRLF. A file with other line breaks can have binary data
 * after the script, as a self-extracting archive has, and that must not change.
 */
function toLf(bytes: Buffer): Buffer {
  if (!bytes.includes(CRLF)) return bytes;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at - 1] !== 13) return bytes;
  }
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(CRLF); at !== -1; at = bytes.indexOf(CRLF, from)) {
    parts.push(bytes.subarray(from, at), Buffer.from('\n'));
    from = at + CRLF.length;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}
