import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Document } from './document.ts';
import type { Finding } from './finding.ts';
import { homes } from './homes.ts';
import type { Path } from './problem.ts';
import { prices, type Schema, settings, tables } from './schema.ts';
import { inWords, unknownKey } from './wording.ts';

const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true });
ajv.addKeyword({ keyword: 'errorMessage', schemaType: 'string' });

const checks = {
  tables: { schema: tables, check: ajv.compile(tables), homes: homes(tables) },
  prices: { schema: prices, check: ajv.compile(prices), homes: homes(prices) },
  settings: { schema: settings, check: ajv.compile(settings), homes: homes(settings) },
};

/** What the schema has to say about a document, in our words. */
export function validate(document: Document, kind: keyof typeof checks): Finding[] {
  const { schema, check, homes } = checks[kind];
  const unknown: Finding[] = [];
  const others: Finding[] = [];
  for (const error of errorsOf(check, document.value)) {
    const at = pathOf(error.instancePath, document.value);
    if (error.keyword === 'additionalProperties')
      unknown.push(unknownKey(at, error.params.additionalProperty, error.parentSchema as Schema, homes));
    // Ajv names the key itself in an error of its own.
    else if (error.keyword !== 'propertyNames') others.push(inWords(error, at, document, schema));
  }
  return [...unknown, ...withoutEchoes(others, unknown)];
}

function errorsOf(check: ValidateFunction, value: unknown): ErrorObject[] {
  return check(value) ? [] : (check.errors ?? []);
}

/** Ajv's JSON pointer as a path; only the value tells an index from a key that looks like one. */
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
 * One cause, one finding: of several keywords that a value breaks the first will do, and a key that is
 * missing only because it is misspelt right there has been named already.
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
