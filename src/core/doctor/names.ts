/** More names than this make a message too long to read. */
const NAMED = 5;

/** `a, b and 3 more`. */
export function sayNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMED);
  const rest = names.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
