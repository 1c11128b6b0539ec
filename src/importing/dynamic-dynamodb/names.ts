/** The tables that a regular expression of dynamic-dynamodb means, as Turntable names groups. */
export interface Named {
  /** The environment, if the names start with one: `production.SessionFlags.20261121`. */
  readonly environment?: string;
  /** The TableName of a spec, or the IndexName. */
  readonly name: string;
  /** What to check, as sentences. */
  readonly caution?: string;
}

/** Ends of expressions that stand for a date or for any end. */
const VARIABLE_END = /(?:\\d|\[0-9\]|\.)(?:[*+]|\{\d+(?:,\d*)?\})?(?:\(.*\))?$/;

/**
 * Finds the name in a regular expression that is a literal, or a literal with a variable end. undefined for others.
 * Python's `re.match` needs no match at the end, so without `$` longer names match too.
 */
export function nameIn(expression: string): Named | undefined {
  const ends = expression.endsWith('$') && !expression.endsWith('\\$');
  const bare = expression.replace(/^\^/, '').slice(0, ends ? -1 : undefined);
  const head = literalOf(bare.replace(VARIABLE_END, ''));
  const whole = literalOf(bare);
  const isLiteral = whole !== undefined && !VARIABLE_END.test(bare);
  const literal = isLiteral ? whole : head;
  if (literal === undefined) return undefined;
  const parts = literal.replace(/[._-]+$/, '').split('.');
  const [first = '', second] = parts;
  const name = second ?? first;
  if (name === '' || first.startsWith('-') || parts.length > 2 + Number(isLiteral)) return undefined;
  const environment = second === undefined ? {} : { environment: first };
  // The date in a name of Turntable has digits only.
  const isDated = ends && /(?:\\d|\[0-9\])(?:[+*]|\{8\})?$/.test(bare) && second !== undefined;
  if ((isLiteral && ends) || isDated) return { ...environment, name };
  return { ...environment, name, caution: `It matches every table whose name starts with "${literal}".` };
}

/** The text that an expression without operators matches. A dot without a backslash is taken for a dot. */
function literalOf(expression: string): string | undefined {
  const unescaped = expression.replace(/\\([.\-_])/g, '$1');
  return /^[\w.-]+$/.test(unescaped) ? unescaped : undefined;
}
