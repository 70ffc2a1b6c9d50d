/** An error for the user: its message is printed without a stack. */
export class PlainError extends Error {
  override readonly name = 'PlainError';
}
