/** Something the user did that cannot go on; the message is a whole sentence for them. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
