/** What is wrong with how a connection is described, in the terms of what to do about it. */
export type ConnectionProblem =
  | 'badVariable'
  | 'fileMissing'
  | 'fileUnreadable'
  | 'notCertificate'
  | 'notKey'
  | 'encryptedKey'
  | 'keyMissing'
  | 'certificateMissing'
  | 'keyMismatch'
  | 'emptyToken'
  | 'badToken'
  | 'cancelled'
  | 'badProxy';

/**
 * A connection that cannot even be tried. The message is one sentence that names the field or the
 * variable and what to write; it never holds a token, a password or the content of a file.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly problem: ConnectionProblem;
  /** The profile's field or the environment's variable that is to be changed. */
  readonly field: string;

  constructor(problem: ConnectionProblem, field: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.problem = problem;
    this.field = field;
  }
}
