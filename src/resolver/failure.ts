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
  constructor(what: string, value: unknown, use: string, code: ResolverError['code'] = 'invalid-options') {
    super(`Invalid ${what}: ${say(value)}. Use ${use}.`);
    this.code = code;
  }
}

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
  if (!valid) throw new ResolverError(what, value, use);
}

/** @throws ResolverError `invalid-options` unless the value is a string of that form */
export function checkText(form: RegExp, what: string, value: unknown, use: string): void {
  check(form.exec(say(value))?.[0] === value, what, value, use);
}
