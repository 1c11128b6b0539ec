import type { KeyPart, Properties } from '../../generated/tables.ts';
import type { Finding } from '../finding.ts';
import type { Path } from '../problem.ts';
import { quote } from '../quote.ts';
import { didYouMean, suggest } from '../suggest.ts';
import type { Rule } from './rule.ts';

const P = 'Properties';
const DEFINITIONS: Path = [P, 'AttributeDefinitions'];
const KEY: Path = [P, 'KeySchema'];
const LOCAL: Path = [P, 'LocalSecondaryIndexes'];
const LOCAL_KEYS: Path = [...LOCAL, '*', 'KeySchema'];
const GLOBAL_KEYS: Path = [P, 'GlobalSecondaryIndexes', '*', 'KeySchema'];

interface Key {
  readonly path: Path;
  readonly parts: readonly KeyPart[];
}

function indexKeys(properties: Properties, kind: 'LocalSecondaryIndexes' | 'GlobalSecondaryIndexes'): Key[] {
  return (properties[kind] ?? []).map((index, i) => ({
    path: [P, kind, i, 'KeySchema'],
    parts: index.KeySchema,
  }));
}

function allKeys(properties: Properties): Key[] {
  const { KeySchema: parts } = properties;
  const local = indexKeys(properties, 'LocalSecondaryIndexes');
  return [{ path: KEY, parts }, ...local, ...indexKeys(properties, 'GlobalSecondaryIndexes')];
}

/** HASH first, then RANGE; no more of each than the key may have. */
function misordered({ path, parts }: Key, most: number): Finding[] {
  const types = parts.map(({ KeyType }) => KeyType).join(' ');
  const right = new RegExp(`^HASH( HASH){0,${most - 1}}( RANGE){0,${most}}$`);
  const must =
    most === 1
      ? 'must be one HASH attribute, then at most one RANGE attribute'
      : `must be 1 to ${most} HASH attributes, then at most ${most} RANGE attributes`;
  return right.test(types) ? [] : [{ at: path, message: `${must}; it is ${types.replaceAll(' ', ', ')}.` }];
}

function repeated({ path, parts }: Key): Finding[] {
  const names = parts.map(({ AttributeName }) => AttributeName);
  return names.flatMap((name, i) =>
    names.indexOf(name) === i
      ? []
      : [
          {
            at: [...path, i, 'AttributeName'],
            message: `must not name ${quote(name)} a second time in one key.`,
          },
        ],
  );
}

/** A local index is another order of what the table's partition holds. */
function foreign(properties: Properties): Finding[] {
  const hash = properties.KeySchema[0]?.AttributeName ?? '';
  const keys = indexKeys(properties, 'LocalSecondaryIndexes');
  if (keys.length > 0 && properties.KeySchema.length < 2)
    return [
      {
        at: LOCAL,
        message: 'must be left out: only a table with a RANGE attribute in its key can have local indexes.',
      },
    ];
  return keys.flatMap(({ path, parts }) => {
    const own = parts[0]?.AttributeName ?? '';
    const findings: Finding[] = [];
    if (own !== hash)
      findings.push({
        at: [...path, 0, 'AttributeName'],
        message: `must be the table's own HASH attribute ${quote(hash)}; it is ${quote(own)}. Only a global index can have another.`,
      });
    if (parts.length < 2)
      findings.push({ at: path, message: 'must have a RANGE attribute after the HASH attribute.' });
    return findings;
  });
}

interface Stray {
  readonly at: Path;
  readonly name: string;
  /** The defined attribute that was probably meant. */
  readonly meant: string | undefined;
}

/** Attributes of keys that nothing defines. */
function strays(properties: Properties): Stray[] {
  const defined = definedNames(properties);
  return allKeys(properties).flatMap(({ path, parts }) =>
    parts.flatMap(({ AttributeName: name }, i) =>
      defined.includes(name)
        ? []
        : [{ at: [...path, i, 'AttributeName'], name, meant: suggest(name, defined) }],
    ),
  );
}

function definedNames({ AttributeDefinitions: definitions }: Properties): string[] {
  return definitions.map(({ AttributeName }) => AttributeName);
}

function undefinedAttributes(properties: Properties): Finding[] {
  return strays(properties).map(({ at, name }) => ({
    at,
    message: `must name an attribute that AttributeDefinitions defines; it is ${quote(name)}.`,
    hint: didYouMean(name, definedNames(properties)),
  }));
}

function idleDefinitions(properties: Properties): Finding[] {
  const used = new Set(
    allKeys(properties).flatMap(({ parts }) => parts.map(({ AttributeName }) => AttributeName)),
  );
  // What a misspelt key was meant to use is not idle.
  for (const { meant } of strays(properties)) if (meant !== undefined) used.add(meant);
  const defined = definedNames(properties);
  return defined.flatMap((name, i) => {
    const at = [...DEFINITIONS, i];
    if (defined.indexOf(name) < i) return [{ at, message: `must not define ${quote(name)} a second time.` }];
    const message = `defines ${quote(name)}, which no key uses, and DynamoDB refuses that. Use it in a key, or take it out.`;
    return used.has(name) ? [] : [{ at, message }];
  });
}

function keyRule(reads: readonly Path[], check: (properties: Properties) => Finding[]): Rule {
  return { reads, check: (spec) => check(spec.Properties) };
}

export const keyRules: readonly Rule[] = [
  keyRule([KEY], ({ KeySchema: parts }) => misordered({ path: KEY, parts }, 1)),
  keyRule([LOCAL_KEYS], (properties) =>
    indexKeys(properties, 'LocalSecondaryIndexes').flatMap((key) => misordered(key, 1)),
  ),
  keyRule([GLOBAL_KEYS], (properties) =>
    indexKeys(properties, 'GlobalSecondaryIndexes').flatMap((key) => misordered(key, 4)),
  ),
  keyRule([KEY, LOCAL_KEYS, GLOBAL_KEYS], (properties) => allKeys(properties).flatMap(repeated)),
  keyRule([KEY, LOCAL_KEYS], foreign),
  keyRule([DEFINITIONS, KEY, LOCAL_KEYS, GLOBAL_KEYS], undefinedAttributes),
  keyRule([DEFINITIONS, KEY, LOCAL_KEYS, GLOBAL_KEYS], idleDefinitions),
];
