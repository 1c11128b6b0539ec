/** What was asked for can not be answered; `code` says why to machines, the message to people. */
export class ResolverError extends Error {
  readonly code: 'unknown-group' | 'invalid-instant' | 'seconds' | 'outside-retention' | 'invalid-options';
  constructor(code: ResolverError['code'], message: string) {
    super(message);
    this.name = 'ResolverError';
    this.code = code;
  }
}

/** There are values that can't be made strings. */
export function say(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}

/** Says what a value should have been. */
export const not = (
  what: string,
  value: unknown,
  code: ResolverError['code'] = 'invalid-options',
): ResolverError => new ResolverError(code, `Not ${what}: ${say(value)}.`);

/** Whether it is a string of that form. */
export const isLike = (form: RegExp, value: unknown): boolean =>
  typeof value === 'string' && form.test(value);
