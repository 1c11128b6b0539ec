import type { ErrorObject } from 'ajv';
import type { Document } from './document.ts';
import type { Finding } from './finding.ts';
import type { KeyLocations } from './key-locations.ts';
import type { Path } from './problem.ts';
import { listed, quote } from './quote.ts';
import { newNameOfKey, newNameOfValue } from './renamed.ts';
import { type Schema, under } from './schema.ts';
import { didYouMean, suggest } from './suggest.ts';

/** A message lists no more keys than this. The reference documents the others. */
const LISTABLE = 10;

/** An error from Ajv as a sentence about its path: what the file contains, and what it must contain instead. */
export function describeError(error: ErrorObject, at: Path, document: Document, root: Schema): Finding {
  const schema = error.parentSchema as Schema;
  const { keyword, params, propertyName, data } = error;
  if (propertyName !== undefined) return { at: [...at, propertyName], message: `${schema.errorMessage}.` };
  if (keyword === 'required') {
    const key: string = params.missingProperty;
    const message = `is missing the required key ${quote(key)}${requirementOf(key, schema, root)}.`;
    return { at, spoils: [...at, key], message };
  }
  if (/^(min|max)(Length|Items)$/.test(keyword)) return { at, message: `${sizeOf(error)}.` };
  if (keyword === 'uniqueItems')
    return { at: [...at, Math.max(params.i, params.j)], message: 'is a duplicate item. Remove it.' };
  if (schema.writeOnly) return { at, message: `${schema.errorMessage}.` };
  const hint = schema.enum && typeof data === 'string' ? hintOn(data, schema.enum.map(String)) : undefined;
  return { at, message: `is ${document.describe(at)}, but ${requirement(error, schema)}.`, hint };
}

/** What a value must be, for example `must be an integer of 1 or more`. */
function requirement({ keyword, data }: ErrorObject, schema: Schema): string {
  const { enum: known, errorMessage, type, maximum } = schema;
  if (known) return errorMessage ?? `must be ${choice(known)}`;
  if (keyword === 'type' && typeof type === 'string')
    return TYPES[type] ?? `must have the type ${quote(type)}`;
  const tooLarge = maximum !== undefined && typeof data !== 'object' && Number(data) > maximum;
  // "1 or more" would not explain an error about a number that is too large.
  if (tooLarge && !errorMessage?.includes(` ${maximum}`)) return `must be ${maximum} or less`;
  return errorMessage ?? `must satisfy the schema keyword ${quote(keyword)}`;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'must be a string',
  number: 'must be a number, without quotes',
  boolean: 'must be true or false, without quotes',
  array: 'must be an array',
  object: 'must be an object',
};

function hintOn(value: string, known: readonly string[]): string | undefined {
  const renamed = newNameOfValue(value, known);
  return renamed === undefined
    ? didYouMean(value, known)
    : `${quote(value)} was renamed to ${quote(renamed)}.`;
}

function choice(known: readonly unknown[]): string {
  return (known.length > 2 ? 'one of ' : '') + listed(known.map(String), 'or');
}

/** The value that a missing key must have, if few words can say it. */
function requirementOf(key: string, schema: Schema, root: Schema): string {
  const { enum: known, type, errorMessage } = under(root, schema, key) ?? {};
  if (type === 'boolean') return ', which must be true or false';
  if (known) return `, which ${errorMessage ?? `must be ${choice(known)}`}`;
  return type?.includes('integer') && errorMessage ? `, which ${errorMessage}` : '';
}

function sizeOf({ keyword, params, data }: ErrorObject): string {
  const { limit } = params;
  const isText = keyword.endsWith('Length');
  const count = Array.isArray(data) ? data.length : [...String(data)].length;
  const unit = isText ? 'character' : 'item';
  if (keyword.startsWith('min') && count === 0) return 'must not be empty';
  const bound = keyword.startsWith('min') ? 'at least' : 'at most';
  return `has ${count} ${unit}${count === 1 ? '' : 's'}, but must have ${bound} ${limit}`;
}

/** What to write instead of parameters of DynamoDB's that a spec does not have. */
const INSTEAD: Readonly<Record<string, string>> = {
  ReplicaUpdates: 'Name the Regions in "Replicas" of the spec.',
  MultiRegionConsistency: 'Turntable only manages global tables with eventual consistency.',
};

/** A key that the schema does not allow at this place. */
export function unknownKey(at: Path, key: string, schema: Schema, locations: KeyLocations): Finding {
  const known = Object.keys(schema.properties ?? {}).filter((name) => name !== '$schema');
  const place = [...at, key];
  const renamed = newNameOfKey(key, known);
  if (renamed !== undefined)
    return { at: place, spoils: [...at, renamed], message: `was renamed to ${quote(renamed)}.` };
  const valid = [...(locations.get(key) ?? [])];
  const misplaced = {
    at: place,
    spoils: null,
    message: `is not allowed here. This key belongs ${valid.join(' or ')}.`,
  };
  if (valid.length === 1) return misplaced;
  const instead = Object.hasOwn(INSTEAD, key) ? INSTEAD[key] : undefined;
  if (instead !== undefined) return { at: place, spoils: null, message: 'is an unknown key.', hint: instead };
  const guess = suggest(key, known);
  if (guess !== undefined) {
    const hint = didYouMean(key, known);
    return { at: place, spoils: [...at, guess], message: 'is an unknown key.', hint };
  }
  if (valid.length === 2) return misplaced;
  return { at: place, spoils: null, message: `is an unknown key.${validKeys(known)}` };
}

function validKeys(known: readonly string[]): string {
  if (known.length > LISTABLE || known.length === 0) return '';
  return known.length === 1
    ? ` The only valid key here is ${listed(known, 'and')}.`
    : ` Valid keys here are ${listed(known, 'and')}.`;
}
