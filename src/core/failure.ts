export type FailureCode =
  | 'throttled'
  | 'limit-exceeded'
  | 'in-use'
  | 'not-found'
  | 'access-denied'
  | 'refused'
  | 'unavailable';

/** A call to AWS that failed, in the project's own words. `cause` is the SDK's error. */
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

/** What an error says, whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Not a failure: an action was planned for a world that has moved on, and the next run looks again. */
export class Superseded extends Error {
  override name = 'Superseded';
}
