/** Below this a buffer may share Node's pool with others, and is not worth the trouble. */
const WORTH_BYTES = 128 * 1024;

/**
 * Frees the memory of an answer that has been read, which nobody may look at any more. The garbage
 * collector takes its time for what lived through a few requests: tens of megabytes in a large run.
 */
export function letGo({ buffer, byteLength }: Uint8Array): void {
  const isAlone = byteLength >= WORTH_BYTES && buffer.byteLength - byteLength < WORTH_BYTES;
  if (isAlone && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
