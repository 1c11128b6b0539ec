export type FailureCode =
  | 'throttled'
  | 'limit-exceeded'
  | 'in-use'
  | 'not-found'
  | 'access-denied'
  | 'refused'
  /** A newer version of Turntable wrote a record of the state table. */
  | 'newer-state'
  | 'unavailable';

/** A failed call to AWS. `cause` is the SDK's error. */
export class ServiceError extends Error {
  readonly code: FailureCode;
  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServiceError';
    this.code = code;
  }
}

/** Whether a call failed for this reason. */
export const isFailure = (error: unknown, code: FailureCode): error is ServiceError =>
  error instanceof ServiceError && error.code === code;

/** The message of an error, or the text of any other thrown value. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Not a failure: something else changed the table after planning, and the next run decides again. */
export class Superseded extends Error {
  override name = 'Superseded';
}
