import type { JSONSchema } from 'json-schema-to-typescript';

/** Beyond this a maximum only guards against accidents and is not worth a reader's time. */
const UNBOUNDED = 999_999_999;

type Link = (schema: JSONSchema) => string | undefined;

/** The type of a value in words; objects by a link to their own section. */
export function typeOf(schema: JSONSchema, link: Link): string {
  const own = link(schema);
  if (own) return own;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items as JSONSchema, link)}`;
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'string') return 'text';
  if (typeof schema.additionalProperties === 'object')
    return `by name: ${typeOf(schema.additionalProperties, link)}`;
  return wholeNumber(schema);
}

/** A whole number, as the message says that refuses another value. */
function wholeNumber({ errorMessage, maximum = UNBOUNDED }: JSONSchema): string {
  if (errorMessage === undefined)
    throw new Error('A number in a schema needs an errorMessage that says which.');
  const words = String(errorMessage).replace('must be a ', '');
  return words.includes(String(maximum)) || maximum === UNBOUNDED ? words : `${words}; at most ${maximum}`;
}

/** How long a text or a list may be. */
export function rangeOf({ minItems, maxItems, minLength, maxLength }: JSONSchema): string {
  const least = minItems ?? minLength;
  const most = maxItems ?? maxLength;
  const things = maxLength === undefined ? '' : ' characters';
  if (most !== undefined) return `, ${least ?? 0} to ${most}${things}`;
  return least === undefined ? '' : `, at least ${least}`;
}
