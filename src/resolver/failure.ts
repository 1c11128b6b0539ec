/** The resolver cannot answer. Programs read `code`. People read the message: what is invalid, and what to use instead. */
export class ResolverError extends Error {
  /** Whether it is a ResolverError, also of another copy of this package. `instanceof` knows only its own copy. */
  static readonly is = (error: unknown): error is ResolverError =>
    (error as Error | undefined)?.name === 'ResolverError';
  override readonly name = 'ResolverError';
  declare readonly code:
    | 'unknown-group'
    | 'invalid-instant'
    | 'seconds'
    | 'outside-retention'
    | 'invalid-options';
  constructor(message: string, code: ResolverError['code']) {
    super(message);
    this.code = code;
  }
}

/** The error for an invalid value: which one, and what to use instead. */
export const invalid = (
  what: string,
  value: unknown,
  use: string,
  code: ResolverError['code'] = 'invalid-options',
): ResolverError => new ResolverError(`Invalid ${what}: ${say(value)}. Use ${use}.`, code);

/** The value as text. String() throws for an object without a prototype, for example. */
export function say(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}

/** @throws ResolverError `invalid-options` unless `valid` */
export function check(valid: unknown, what: string, value: unknown, use: string): void {
  if (!valid) throw invalid(what, value, use);
}
