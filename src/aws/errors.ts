import { type FailureCode, isFailure, ServiceError } from '../core/failure.ts';
import { failureFrom, isUnknownOperation, type SdkFailure, wordsFor } from './error-words.ts';

/** Failure codes of DynamoDB and CloudWatch by the name of the SDK error. Their messages say what failed. */
const codes: Readonly<Record<string, FailureCode>> = {
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  Throttling: 'throttled',
  RequestLimitExceeded: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  LimitExceededException: 'limit-exceeded',
  ResourceInUseException: 'in-use',
  ResourceConflictException: 'in-use',
  TableInUseException: 'in-use',
  TableAlreadyExistsException: 'in-use',
  BackupInUseException: 'in-use',
  ContinuousBackupsUnavailableException: 'in-use',
  ExportConflictException: 'in-use',
  ResourceNotFoundException: 'not-found',
  TableNotFoundException: 'not-found',
  BackupNotFoundException: 'not-found',
  QueueDoesNotExist: 'not-found',
  ExportNotFoundException: 'not-found',
  AccessDeniedException: 'access-denied',
  UnrecognizedClientException: 'access-denied',
  InvalidSignatureException: 'access-denied',
  ExpiredTokenException: 'access-denied',
  MissingAuthenticationTokenException: 'access-denied',
  CredentialsProviderError: 'access-denied',
  ValidationException: 'refused',
  IdempotentParameterMismatchException: 'refused',
  InvalidExportTimeException: 'refused',
  PointInTimeRecoveryUnavailableException: 'refused',
  InvalidParameterValueException: 'refused',
  InternalServerError: 'unavailable',
  ServiceException: 'unavailable',
  InternalServiceError: 'unavailable',
  InternalServiceFault: 'unavailable',
  ServiceUnavailable: 'unavailable',
  TimeoutError: 'unavailable',
};

/** Failure codes of SNS. Its messages, such as *Topic does not exist*, do not say what failed. */
const topicCodes: Readonly<Record<string, FailureCode>> = {
  AuthorizationErrorException: 'access-denied',
  InternalErrorException: 'unavailable',
  InvalidParameterException: 'refused',
  InvalidSecurityException: 'refused',
  KMSAccessDeniedException: 'access-denied',
  KMSDisabledException: 'refused',
  KMSInvalidStateException: 'refused',
  KMSNotFoundException: 'refused',
  KMSOptInRequired: 'refused',
  KMSThrottlingException: 'throttled',
  NotFoundException: 'not-found',
  ThrottledException: 'throttled',
};

/** Failure codes of S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const bucketCodes: Readonly<Record<string, FailureCode>> = {
  NoSuchBucket: 'not-found',
  NoSuchVersion: 'not-found',
  AccessDenied: 'access-denied',
  InvalidAccessKeyId: 'access-denied',
  SignatureDoesNotMatch: 'access-denied',
  InvalidObjectState: 'refused',
  PermanentRedirect: 'refused',
  AuthorizationHeaderMalformed: 'refused',
  SlowDown: 'throttled',
};

const networkCodes = /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/;

/** An SDK error as a `ServiceError`. */
export function translate(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const { name, message, code } = named(error);
  const options = { cause: error };
  if (networkCodes.test(code)) {
    // The SDK adds a sentence about itself if the connection ended in the middle of an answer.
    const [words] = (message || code).split('\n');
    const { operation } = failureFrom(error);
    const during = operation === undefined ? '' : ` (${operation})`;
    return new ServiceError('unavailable', `Could not reach AWS: ${words}${during}`, options);
  }
  if (name === 'CredentialsProviderError') {
    const remedy =
      'Set --profile or AWS_PROFILE to a profile that has some, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';
    // With an expired session, the SDK says which command renews it.
    const [cause] = message.split('\n');
    const isUnexplained = /from any providers/i.test(message);
    const said = isUnexplained ? `No AWS credentials were found. ${remedy}` : `No AWS credentials: ${cause}`;
    return new ServiceError('access-denied', said, options);
  }
  if (/region is missing/i.test(message)) {
    return new ServiceError(
      'refused',
      'No AWS region is set. Set AWS_REGION, for example AWS_REGION=eu-west-1, or a region in the AWS profile.',
      options,
    );
  }
  if (/region not accepted/i.test(message)) {
    return new ServiceError(
      'refused',
      `${message} Set AWS_REGION, for example AWS_REGION=eu-west-1.`,
      options,
    );
  }
  if (code === 'ERR_INVALID_URL') {
    return new ServiceError(
      'refused',
      'AWS_ENDPOINT_URL is not a URL. Set it to one, for example http://127.0.0.1:8000, or unset it.',
      options,
    );
  }
  const failure = failureFrom(error);
  const words = wordsFor(failure, Object.hasOwn(codes, name) && failure.operation !== 'Publish');
  return new ServiceError(codeOf(failure), words, options);
}

/** A LimitExceededException of a quota of hours or days: waiting for seconds does not help. */
const lasting = /decrease|PayPerRequest|on-demand mode|class can be changed|throughput limit|capacity units/i;

/** HTTP statuses that say enough without a code. */
const statusCodes: Readonly<Record<number, FailureCode>> = {
  401: 'access-denied',
  403: 'access-denied',
  429: 'throttled',
};

function codeOf(failure: SdkFailure): FailureCode {
  const { name, message, status = 0 } = failure;
  if (isUnknownOperation(failure)) return 'refused';
  if (name === 'LimitExceededException' && lasting.test(message)) return 'refused';
  return codes[name] ?? topicCodes[name] ?? bucketCodes[name] ?? statusCodes[status] ?? 'unavailable';
}

function named(error: unknown): { name: string; message: string; code: string } {
  const { name = 'Error', message = '', code = '' } = (error ?? {}) as Partial<Record<string, unknown>>;
  return { name: String(name), message: String(message), code: String(code) };
}

/** Runs an SDK call and ignores its answer. @throws ServiceError and nothing else */
export async function done(call: () => Promise<unknown>): Promise<void> {
  await translated(call);
}

/** The answer of an SDK call; undefined if what it asks for does not exist. @throws ServiceError and nothing else */
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
