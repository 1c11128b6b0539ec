/** The resolver cannot answer. Programs read `code`. People read the message: what is invalid, and what is valid. */
export class ResolverError extends Error {
  override readonly name = 'ResolverError';
  /** Whether it is a ResolverError, also of another copy of this package. `instanceof` knows only its own copy. */
  static readonly is = (error: unknown): error is ResolverError =>
    (error as Error | undefined)?.name === 'ResolverError';
  declare readonly code:
    | 'unknown-group'
    | 'invalid-instant'
    | 'seconds'
    | 'outside-retention'
    | 'invalid-options';
  /** For an invalid value: which one, and what is valid. */
  constructor(what: string, value: unknown, use: unknown, code: ResolverError['code'] = 'invalid-options') {
    super(`Invalid ${what}: ${say(value)}. Valid: ${use}.`);
    this.code = code;
  }
}

/** The value as text. String() throws for an object without a prototype, for example. */
export const say = (value: unknown): string => {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
};

/** @throws ResolverError `invalid-options` unless `valid` */
export const check = (valid: unknown, what: string, value: unknown, use: unknown): void => {
  if (!valid) throw new ResolverError(what, value, use);
};

/** @throws ResolverError `invalid-options` unless `name` is a string and all of it matches `form` */
export const checkName = (form: RegExp, what: string, name: unknown): void =>
  check(typeof name === 'string' && form.test(name), what, name, form);
