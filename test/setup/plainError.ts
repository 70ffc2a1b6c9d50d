/** An error whose message is all that the reader needs: printed without a stack. */
export class PlainError extends Error {
  override readonly name = 'PlainError';
}
