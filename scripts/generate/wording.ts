import type { JSONSchema } from 'json-schema-to-typescript';

/** The schemas use this maximum for "no practical limit". The reference does not show it. */
const UNLIMITED = 999_999_999;

type Link = (schema: JSONSchema) => string | undefined;

/** The type of a value as text. An object with its own section becomes a link to that section. */
export function typeOf(schema: JSONSchema, link: Link): string {
  const section = link(schema);
  if (section) return section;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'array') return `array of ${typeOf(schema.items as JSONSchema, link)}`;
  if (schema.type === 'boolean') return 'boolean';
  if (schema.type === 'string') return 'string';
  if (typeof schema.additionalProperties === 'object')
    return `map from name to ${typeOf(schema.additionalProperties, link)}`;
  return numberType(schema);
}

/** The range of a number, in the words of its error message. */
function numberType({ errorMessage, maximum = UNLIMITED }: JSONSchema): string {
  const words = String(errorMessage ?? '').replace(/^must be an? /, '');
  const complete = maximum === UNLIMITED || words.includes(String(maximum));
  if (words === '' || !complete)
    throw new Error('The errorMessage of a number in a schema must state its range.');
  return words;
}

/** The allowed length of a string or an array, as text. A pattern can exclude the empty string too. */
export function rangeOf({ minItems, maxItems, minLength, maxLength, pattern }: JSONSchema): string {
  const least = minItems ?? minLength;
  const most = maxItems ?? maxLength;
  const unit = maxLength === undefined ? 'items' : 'characters';
  const nonempty = pattern !== undefined && !new RegExp(pattern, 'u').test('');
  if (most !== undefined) return `, ${least ?? Number(nonempty)} to ${most} ${unit}`;
  return least === undefined ? '' : `, at least ${least} ${least === 1 ? unit.slice(0, -1) : unit}`;
}
