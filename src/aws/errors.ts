import { type FailureCode, isFailure, ServiceError } from '../core/failure.ts';

/** SDK error names by what they mean to us. */
const codes: Readonly<Record<string, FailureCode>> = {
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  RequestLimitExceeded: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  LimitExceededException: 'limit-exceeded',
  ResourceInUseException: 'in-use',
  TableInUseException: 'in-use',
  TableAlreadyExistsException: 'in-use',
  BackupInUseException: 'in-use',
  ResourceNotFoundException: 'not-found',
  TableNotFoundException: 'not-found',
  BackupNotFoundException: 'not-found',
  AccessDeniedException: 'access-denied',
  UnrecognizedClientException: 'access-denied',
  InvalidSignatureException: 'access-denied',
  ExpiredTokenException: 'access-denied',
  MissingAuthenticationTokenException: 'access-denied',
  CredentialsProviderError: 'access-denied',
  ValidationException: 'refused',
  InternalServerError: 'unavailable',
  InternalServiceError: 'unavailable',
  InternalServiceFault: 'unavailable',
  ServiceUnavailable: 'unavailable',
  TimeoutError: 'unavailable',
};

const networkCodes = /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/;

/** An SDK error in the project's words. */
export function translate(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const { name, message, code } = named(error);
  const options = { cause: error };
  if (networkCodes.test(code))
    return new ServiceError('unavailable', `AWS could not be reached: ${message || code}`, options);
  if (name === 'CredentialsProviderError') {
    const advice = 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';
    return new ServiceError('access-denied', `No AWS credentials were found. ${advice}`, options);
  }
  if (/region is missing/i.test(message)) {
    return new ServiceError(
      'refused',
      'No AWS region is set. Set AWS_REGION, for instance AWS_REGION=eu-west-1.',
      options,
    );
  }
  if (/region not accepted/i.test(message)) {
    return new ServiceError(
      'refused',
      `${message} Set AWS_REGION, for instance AWS_REGION=eu-west-1.`,
      options,
    );
  }
  if (code === 'ERR_INVALID_URL') {
    return new ServiceError(
      'refused',
      'AWS_ENDPOINT_URL is not a URL. Set it to one, for instance http://127.0.0.1:8000, or unset it.',
      options,
    );
  }
  return new ServiceError(codeOf(name, message), message || name, options);
}

/** A quota of days or weeks that is spent is a LimitExceededException too, but waiting seconds does not help it. */
const lasting = /decrease|PayPerRequest|on-demand mode|class can be changed/i;

function codeOf(name: string, message: string): FailureCode {
  if (name === 'LimitExceededException' && lasting.test(message)) return 'refused';
  return codes[name] ?? 'unavailable';
}

function named(error: unknown): { name: string; message: string; code: string } {
  const { name = 'Error', message = '', code = '' } = (error ?? {}) as Partial<Record<string, unknown>>;
  return { name: String(name), message: String(message), code: String(code) };
}

/** Runs an SDK call whose answer says nothing more. @throws ServiceError and nothing else */
export async function done(call: () => Promise<unknown>): Promise<void> {
  await translated(call);
}

/** What an SDK call answers; undefined where what it asks for does not exist. @throws ServiceError and nothing else */
export async function ifThere<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await translated(call);
  } catch (error) {
    if (isFailure(error, 'not-found')) return undefined;
    throw error;
  }
}

/** Runs an SDK call. @throws ServiceError and nothing else */
export async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translate(error);
  }
}
