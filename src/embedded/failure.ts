/** Errors with the types and messages of AWS. `front.ts` sends them as JSON, which the SDK converts to its exception classes. */
export class AwsError extends Error {
  readonly type: string;
  readonly status: number;
  /** Other members of the exception, such as ThrottlingReasons. */
  readonly members: Record<string, unknown>;

  constructor(type: string, message: string, status = 400, members: Record<string, unknown> = {}) {
    super(message);
    this.name = type;
    this.type = type;
    this.status = status;
    this.members = members;
  }
}

export const validation = (message: string): AwsError => new AwsError('ValidationException', message);

export const invalidParameter = (message: string): AwsError =>
  validation(`One or more parameter values were invalid: ${message}`);

export const inUse = (message: string): AwsError => new AwsError('ResourceInUseException', message);

export const accessDenied = (message: string): AwsError => new AwsError('AccessDeniedException', message);

export const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message);

export const limitExceeded = (message: string): AwsError =>
  new AwsError('LimitExceededException', `Subscriber limit exceeded: ${message}`);

/** For features of AWS that the embedded AWS does not have. They fail, instead of appearing to succeed. */
export const notEmbedded = (what: string): AwsError =>
  validation(`The embedded AWS does not support ${what}. Nothing was changed.`);

const NAMESPACES: Readonly<Record<string, string>> = {
  ValidationException: 'com.amazon.coral.validate',
  UnknownOperationException: 'com.amazon.coral.service',
  SerializationException: 'com.amazon.coral.service',
  AccessDeniedException: 'com.amazon.coral.service',
  ThrottlingException: 'com.amazon.coral.availability',
};

/** The `__type` member. DynamoDB's own exceptions have its namespace. Common exceptions have the framework's. */
export function qualifiedType(type: string, serviceNamespace: string): string {
  return `${NAMESPACES[type] ?? serviceNamespace}#${type}`;
}
