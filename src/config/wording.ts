import type { ErrorObject } from 'ajv';
import type { Document } from './document.ts';
import type { Finding } from './finding.ts';
import type { Homes } from './homes.ts';
import type { Path } from './problem.ts';
import { listed, quote } from './quote.ts';
import { type Schema, under } from './schema.ts';
import { didYouMean, suggest } from './suggest.ts';

/** More keys than this are for the reference, not for a message. */
const LISTABLE = 6;

/** Ajv's error as a sentence about the place: what it must be, and what it is. */
export function inWords(error: ErrorObject, at: Path, document: Document, root: Schema): Finding {
  const schema = error.parentSchema as Schema;
  const { keyword, params, propertyName, data } = error;
  if (propertyName !== undefined) return { at: [...at, propertyName], message: `${schema.errorMessage}.` };
  if (keyword === 'required') {
    const key: string = params.missingProperty;
    return { at, spoils: [...at, key], message: `must have ${quote(key)}${kindOf(key, schema, root)}.` };
  }
  const is = document.describe(at);
  if (schema.enum) return notOneOf(at, data, schema, is);
  if (/^(min|max)(Length|Items)$/.test(keyword)) return { at, message: `${sized(error, is)}.` };
  if (keyword === 'type' && typeof schema.type === 'string')
    return { at, message: `${typed(schema)}; it is ${is}.` };
  if (schema.writeOnly) return { at, message: `${schema.errorMessage}.` };
  return {
    at,
    message: `${tooLarge(data, schema) ?? schema.errorMessage ?? `breaks the schema's ${quote(keyword)}`}; it is ${is}.`,
  };
}

function notOneOf(at: Path, value: unknown, { enum: known = [], errorMessage }: Schema, is: string): Finding {
  const must = errorMessage ?? `must be ${choice(known)}`;
  const hint = typeof value === 'string' ? didYouMean(value, known.map(String)) : undefined;
  return { at, message: `${must}; it is ${is}.`, hint };
}

function choice(known: readonly unknown[]): string {
  return (known.length > 2 ? 'one of ' : '') + listed(known.map(String), 'or');
}

/** What a missing key has to hold, where that takes few words. */
function kindOf(key: string, schema: Schema, root: Schema): string {
  const { enum: known, type, errorMessage } = under(root, schema, key) ?? {};
  if (known) return `: ${choice(known)}`;
  if (type === 'boolean') return ': true or false';
  return type?.includes('integer') && errorMessage ? `: ${errorMessage.replace('must be ', '')}` : '';
}

function sized({ keyword, params, data }: ErrorObject, is: string): string {
  const { limit } = params;
  if (keyword.startsWith('min') && limit === 1) return 'must not be empty';
  const things = keyword.endsWith('Length') ? 'characters' : 'items';
  const short = `must have at least ${limit} ${things}`;
  if (keyword === 'minLength') return `${short}; it is ${is}`;
  const count = Array.isArray(data) ? data.length : [...String(data)].length;
  return `${keyword === 'minItems' ? short : `must have at most ${limit} ${things}`}; it has ${count}`;
}

/** "At least 1" would puzzle whoever wrote a number that is too large. */
function tooLarge(value: unknown, { maximum, errorMessage }: Schema): string | undefined {
  if (maximum === undefined || typeof value === 'object' || !(Number(value) > maximum)) return undefined;
  return errorMessage?.includes(` ${maximum}`) ? errorMessage : `must be at most ${maximum}`;
}

function typed({ type }: Schema): string {
  const words: Record<string, string> = {
    string: 'must be a string',
    number: 'must be a number, without quotes',
    boolean: 'must be true or false, without quotes',
    array: 'must be an array',
    object: 'must be an object',
  };
  return words[String(type)] ?? 'is not of the right type';
}

/** A key that the schema does not know at this place. */
export function unknownKey(at: Path, key: string, schema: Schema, homes: Homes): Finding {
  const known = Object.keys(schema.properties ?? {}).filter((name) => name !== '$schema');
  const place = [...at, key];
  const guess = suggest(key, known);
  const belongs = [...(homes.get(key) ?? [])];
  const elsewhere = {
    at: place,
    spoils: null,
    message: 'is not a known key here.',
    hint: `It belongs ${belongs.join(', or ')}.`,
  };
  if (belongs.length === 1) return elsewhere;
  if (guess !== undefined) {
    const hint = didYouMean(key, known);
    return { at: place, spoils: [...at, guess], message: 'is not a known key.', hint };
  }
  if (belongs.length === 2) return elsewhere;
  const list =
    known.length <= LISTABLE ? `; known ${known.length === 1 ? 'is' : 'are'} ${listed(known, 'and')}` : '';
  return { at: place, spoils: null, message: `is not a known key here${list}.` };
}
