/** Smaller buffers may share Node's pool with others, and free too little memory. */
const MIN_DETACH_BYTES = 128 * 1024;

/**
 * Detaches the buffer of a consumed response, which must not be read afterwards. V8 frees long-lived
 * buffers late: in large runs that is tens of megabytes.
 */
export function detachBuffer({ buffer, byteLength }: Uint8Array): void {
  const ownsBuffer =
    byteLength >= MIN_DETACH_BYTES && buffer.byteLength - byteLength < MIN_DETACH_BYTES;
  if (ownsBuffer && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
