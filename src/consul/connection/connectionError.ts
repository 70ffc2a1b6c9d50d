/** What is wrong in the description of a connection. Each problem has its own remedy. */
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
  | 'canceled'
  | 'badProxy';

/**
 * The connection can't even be tried. The message is one sentence that names the field or the variable,
 * and the remedy. It never contains a token, a password or the content of a file.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly problem: ConnectionProblem;
  /** The field of the profile or the environment variable that the user must change. */
  readonly field: string;

  constructor(problem: ConnectionProblem, field: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.problem = problem;
    this.field = field;
  }
}
