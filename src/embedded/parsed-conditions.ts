/**
 * Conditions that dynalite has parsed before. Its parser reads each part of an expression many times, and the same few expressions come
 * with other values: for the lease of a run, it took longer than all else that a call does.
 */
import parser, { type Context, type Parsed } from 'dynalite/db/conditionParser.js';

/** What parsing an expression returned with the values of one call. */
interface Known {
  readonly parsed: Parsed;
  /** Names of values, by the objects that `parsed` has. */
  readonly names: ReadonlyMap<unknown, string>;
  /** The names that the expression does not have. */
  readonly unused: Pick<Context, 'unusedAttrNames' | 'unusedAttrVals'>;
}

const MOST = 1_000;
const known = new Map<string, Known>();
const parse = parser.parse;

/** Lets dynalite parse each condition once for values of the same types. */
export function parseConditionsOnce(): void {
  parser.parse = parsedOnce;
}

function parsedOnce(expression: string, options: { readonly context: Context }): Parsed | string {
  const { context } = options;
  const key = keyOf(expression, context);
  const before = key === undefined ? undefined : known.get(key);
  if (before) return again(before, context);
  const parsed = parse(expression, options);
  if (key === undefined || typeof parsed === 'string' || known.size >= MOST) return parsed;
  const { attrVals = {}, unusedAttrNames, unusedAttrVals } = context;
  const names = new Map(Object.entries(attrVals).map(([name, value]) => [value, name]));
  const unused = { unusedAttrNames: { ...unusedAttrNames }, unusedAttrVals: { ...unusedAttrVals } };
  known.set(key, { parsed, names, unused });
  // A copy, so that nothing changes what is known.
  return withValues(parsed, names, attrVals) as Parsed;
}

/**
 * The parser looks at the types of values, at the values of `attribute_type`, which are short texts, and at both values of
 * BETWEEN, which are not known.
 */
function keyOf(expression: string, context: Context): string | undefined {
  if (/between/i.test(expression)) return undefined;
  const { attrNames = {}, attrVals = {}, isKeyCondition } = context;
  const values = Object.entries(attrVals).map(([name, value]) => {
    const [type = '', content] = Object.entries(value)[0] ?? [];
    return [name, type, typeof content === 'string' && content.length <= LONGEST_TYPE ? content : ''];
  });
  const { unusedAttrNames, unusedAttrVals } = context;
  return JSON.stringify([expression, attrNames, values, unusedAttrNames, unusedAttrVals, isKeyCondition]);
}

/** NULL and BOOL. */
const LONGEST_TYPE = 4;

function again({ parsed, names, unused }: Known, context: Context): Parsed {
  for (const part of ['unusedAttrNames', 'unusedAttrVals'] as const)
    for (const name of Object.keys(context[part])) if (!(name in unused[part])) delete context[part][name];
  return withValues(parsed, names, context.attrVals ?? {}) as Parsed;
}

/** A copy with the values of this call. */
function withValues(part: unknown, names: Known['names'], values: NonNullable<Context['attrVals']>): unknown {
  const name = names.get(part);
  if (name !== undefined) return values[name];
  if (Array.isArray(part)) return part.map((one) => withValues(one, names, values));
  if (typeof part !== 'object' || part === null) return part;
  const copy: Record<string, unknown> = Object.create(null);
  for (const [key, one] of Object.entries(part)) copy[key] = withValues(one, names, values);
  return copy;
}
