import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Document } from './document.ts';
import type { Finding } from './finding.ts';
import { keyLocations } from './key-locations.ts';
import type { Path } from './problem.ts';
import { prices, type Schema, settings, tables } from './schema.ts';
import { describeError, unknownKey } from './wording.ts';

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  // Every start of a command or a Lambda function compiles the schemas. This halves the time, which is most of reading a config.
  inlineRefs: false,
  validateSchema: false,
  code: { optimize: false },
});
ajv.addKeyword({ keyword: 'errorMessage', schemaType: 'string' });

const checks = {
  tables: { schema: tables, check: ajv.compile(tables), locations: keyLocations(tables) },
  prices: { schema: prices, check: ajv.compile(prices), locations: keyLocations(prices) },
  settings: { schema: settings, check: ajv.compile(settings), locations: keyLocations(settings) },
};

/** The violations of the schema in a document. */
export function validate(document: Document, kind: keyof typeof checks): Finding[] {
  const { schema, check, locations } = checks[kind];
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
