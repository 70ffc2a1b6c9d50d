/** A request that can't be fulfilled; the message is a whole sentence for the user. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

/** A command found nothing to do, which is no failure: it is shown as information. */
export class NothingToDo extends UserError {
  override readonly name = 'NothingToDo';
}

/** The active connection is missing from the settings, or its settings are wrong. */
export class UnusableConnection extends UserError {
  override readonly name = 'UnusableConnection';
}
