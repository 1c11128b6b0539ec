/** What is wrong with documents, and where. Only an invalid configuration needs that, so Lambda functions load this file late. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Document } from './document.ts';
import type { Finding } from './finding.ts';
import { type KeyLocations, keyLocations } from './key-locations.ts';
import type { Path } from './problem.ts';
import { prices, type Schema, settings, tables } from './schema.ts';
import type { Kind, Parse, Parsed } from './validate.ts';
import { describeError, unknownKey } from './wording.ts';

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  // This halves the time to compile.
  inlineRefs: false,
  validateSchema: false,
  code: { optimize: false },
});
ajv.addKeyword({ keyword: 'errorMessage', schemaType: 'string' });

/** Returns the violations of a schema in a document. */
export type Checker = (document: Document) => Finding[];

/** Checks documents against a schema, which the first one compiles. */
export function checkerOf(schema: Schema): Checker {
  let check: ValidateFunction | undefined;
  return (document) => {
    check ??= ajv.compile(schema);
    return violations(document, schema, check, keyLocations(schema));
  };
}

const checks = { tables: checkerOf(tables), prices: checkerOf(prices), settings: checkerOf(settings) };

class Explained extends Document implements Parsed {
  violations(kind: Kind): Finding[] {
    return checks[kind](this);
  }
}

/** Parses a file with the places of its values and words for what is wrong. */
export const explained: Parse = (file, text) => new Explained(file, text);

function violations(
  document: Document,
  schema: Schema,
  check: ValidateFunction,
  locations: KeyLocations,
): Finding[] {
  const unknown: Finding[] = [];
  const others: Finding[] = [];
  for (const error of errorsOf(check, document.value)) {
    const at = pathOf(error.instancePath, document.value);
    if (error.keyword === 'additionalProperties')
      unknown.push(unknownKey(at, error.params.additionalProperty, error.parentSchema as Schema, locations));
    // Ajv reports the key itself in a separate error.
    else if (error.keyword !== 'propertyNames') others.push(describeError(error, at, document, schema));
  }
  return [...unknown, ...withoutEchoes(others, unknown)];
}

function errorsOf(check: ValidateFunction, value: unknown): ErrorObject[] {
  return check(value) ? [] : (check.errors ?? []);
}

/** A JSON pointer from Ajv as a path. Only the value shows whether a part is an array index or a key. */
function pathOf(pointer: string, root: unknown): Path {
  const path: (string | number)[] = [];
  let value = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = (value as Record<string, unknown>)[key];
  }
  return path;
}

/**
 * One finding for each cause. If a value violates several keywords, only the first is reported. A missing key is
 * not reported if the same object contains a misspelling of the key.
 */
function withoutEchoes(findings: readonly Finding[], unknown: readonly Finding[]): Finding[] {
  const seen = new Set(unknown.map(({ spoils }) => JSON.stringify(spoils)));
  return findings.filter(({ at, spoils }) => {
    const place = JSON.stringify(spoils ?? at);
    const fresh = !seen.has(place);
    seen.add(place);
    return fresh;
  });
}
