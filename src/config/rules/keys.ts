import type { KeyPart, Properties } from '../../generated/tables.ts';
import type { Finding } from '../finding.ts';
import type { Path } from '../problem.ts';
import { quote } from '../quote.ts';
import { didYouMean, suggest } from '../suggest.ts';
import type { Rule } from './rule.ts';
import { searchedAttributes } from './vectors.ts';

const P = 'Properties';
const DEFINITIONS: Path = [P, 'AttributeDefinitions'];
const KEY: Path = [P, 'KeySchema'];
const LOCAL: Path = [P, 'LocalSecondaryIndexes'];
const LOCAL_KEYS: Path = [...LOCAL, '*', 'KeySchema'];
const SEARCHED: Path = [P, 'VectorIndexes', '*', 'SearchSchema'];
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

/** Checks that HASH attributes come before RANGE attributes, and how many of each the key has. */
function misordered({ path, parts }: Key, most: number): Finding[] {
  const types = parts.map(({ KeyType }) => KeyType).join(' ');
  const valid = new RegExp(`^HASH( HASH){0,${most - 1}}( RANGE){0,${most}}$`);
  const must =
    most === 1
      ? 'must have one HASH attribute, followed by at most one RANGE attribute'
      : `must have 1 to ${most} HASH attributes, followed by at most ${most} RANGE attributes`;
  const message = `has the key types ${types.replaceAll(' ', ', ')}, but ${must}.`;
  return valid.test(types) ? [] : [{ at: path, message }];
}

function repeated({ path, parts }: Key): Finding[] {
  const names = parts.map(({ AttributeName }) => AttributeName);
  return names.flatMap((name, i) =>
    names.indexOf(name) === i
      ? []
      : [
          {
            at: [...path, i, 'AttributeName'],
            message: `is ${quote(name)}, but this KeySchema already contains that attribute.`,
          },
        ],
  );
}

/** A local index sorts the items of a partition differently, so it shares the HASH attribute of its table. */
function misfitLocalIndexes(properties: Properties): Finding[] {
  const hash = properties.KeySchema[0]?.AttributeName ?? '';
  const keys = indexKeys(properties, 'LocalSecondaryIndexes');
  if (keys.length > 0 && properties.KeySchema.length < 2)
    return [
      {
        at: LOCAL,
        message: 'is not allowed because the key of the table has no RANGE attribute.',
      },
    ];
  return keys.flatMap(({ path, parts }) => {
    const own = parts[0]?.AttributeName ?? '';
    const findings: Finding[] = [];
    if (own !== hash)
      findings.push({
        at: [...path, 0, 'AttributeName'],
        message: `is ${quote(own)}, but must be ${quote(hash)}, the HASH attribute of the table. Only a global index can have a different HASH attribute.`,
      });
    if (parts.length < 2)
      findings.push({ at: path, message: 'must have a RANGE attribute after its HASH attribute.' });
    return findings;
  });
}

interface UndefinedAttribute {
  readonly at: Path;
  readonly name: string;
  /** The defined attribute that the name probably stands for. */
  readonly meant: string | undefined;
}

/** The attributes of all keys, and those that searches of vector indexes use. */
const usedAttributes = (properties: Properties): readonly { readonly at: Path; readonly name: string }[] => [
  ...allKeys(properties).flatMap(({ path, parts }) =>
    parts.map(({ AttributeName: name }, i) => ({ at: [...path, i, 'AttributeName'], name })),
  ),
  ...searchedAttributes(properties),
];

/** Used attributes without a definition. */
function undefinedIn(properties: Properties): UndefinedAttribute[] {
  const defined = definedNames(properties);
  return usedAttributes(properties)
    .filter(({ name }) => !defined.includes(name))
    .map(({ at, name }) => ({ at, name, meant: suggest(name, defined) }));
}

function definedNames({ AttributeDefinitions: definitions }: Properties): string[] {
  return definitions.map(({ AttributeName }) => AttributeName);
}

function undefinedAttributes(properties: Properties): Finding[] {
  return undefinedIn(properties).map(({ at, name }) => ({
    at,
    message: `is ${quote(name)}, but AttributeDefinitions does not define that attribute.`,
    hint: didYouMean(name, definedNames(properties)),
  }));
}

function unusedDefinitions(properties: Properties): Finding[] {
  const used = new Set(usedAttributes(properties).map(({ name }) => name));
  // An attribute that a misspelled key probably means is used.
  for (const { meant } of undefinedIn(properties)) if (meant !== undefined) used.add(meant);
  const defined = definedNames(properties);
  return defined.flatMap((name, i) => {
    const at = [...DEFINITIONS, i];
    if (defined.indexOf(name) < i)
      return [{ at, message: `defines ${quote(name)} again. Remove one of the definitions.` }];
    const message = `defines ${quote(name)}, but no key uses that attribute. Use the attribute in a key, or remove its definition.`;
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
  keyRule([KEY, LOCAL_KEYS], misfitLocalIndexes),
  keyRule([DEFINITIONS, KEY, LOCAL_KEYS, GLOBAL_KEYS, SEARCHED], undefinedAttributes),
  keyRule([DEFINITIONS, KEY, LOCAL_KEYS, GLOBAL_KEYS, SEARCHED], unusedDefinitions),
];
