import type { Projection, Properties } from '../../generated/tables.ts';
import type { Finding } from '../finding.ts';
import type { Path } from '../problem.ts';
import { quote } from '../quote.ts';
import type { Rule } from './rule.ts';

const P = 'Properties';
const LOCAL: Path = [P, 'LocalSecondaryIndexes'];
const GLOBAL: Path = [P, 'GlobalSecondaryIndexes'];
const VECTOR: Path = [P, 'VectorIndexes'];

/** DynamoDB's limit for all indexes of a table together. */
const MOST_PROJECTED = 100;

const everyIndex = (key: string): Path[] => [
  [...LOCAL, '*', key],
  [...GLOBAL, '*', key],
  [...VECTOR, '*', key],
];

function indexesOf(properties: Properties) {
  const { LocalSecondaryIndexes: local = [], GlobalSecondaryIndexes: global = [] } = properties;
  const { VectorIndexes: vector = [] } = properties;
  return [
    ...local.map((index, i) => ({ path: [...LOCAL, i], index })),
    ...global.map((index, i) => ({ path: [...GLOBAL, i], index })),
    ...vector.map((index, i) => ({ path: [...VECTOR, i], index })),
  ];
}

interface Named {
  readonly at: Path;
  readonly name: string;
}

/** A finding for each name that an earlier element already has. */
function duplicates(elements: readonly Named[], rule: string): Finding[] {
  const names = elements.map(({ name }) => name);
  return elements
    .filter(({ name }, i) => names.indexOf(name) < i)
    .map(({ at, name }) => ({ at, message: `is ${quote(name)}, which is already in use. ${rule}` }));
}

function misprojected(
  path: Path,
  { ProjectionType: type, NonKeyAttributes: attributes }: Projection,
): Finding[] {
  if (type === 'INCLUDE' && !attributes)
    return [{ at: path, message: 'is missing "NonKeyAttributes", which ProjectionType "INCLUDE" requires.' }];
  if (type !== 'INCLUDE' && attributes)
    return [
      {
        at: [...path, 'NonKeyAttributes'],
        message: `is not allowed with ProjectionType ${quote(type)}, only with "INCLUDE".`,
      },
    ];
  return [];
}

export const optionRules: readonly Rule[] = [
  {
    reads: everyIndex('IndexName'),
    check: ({ Properties }) =>
      duplicates(
        indexesOf(Properties).map(({ path, index }) => ({
          at: [...path, 'IndexName'],
          name: index.IndexName,
        })),
        'Index names must be unique within a table.',
      ),
  },
  {
    reads: everyIndex('Projection'),
    check({ Properties }) {
      const indexes = indexesOf(Properties);
      const findings = indexes.flatMap(({ path, index }) =>
        misprojected([...path, 'Projection'], index.Projection),
      );
      const projected = indexes.map(({ index }) => index.Projection.NonKeyAttributes?.length ?? 0);
      const count = projected.reduce((sum, each) => sum + each, 0);
      if (count > MOST_PROJECTED)
        findings.push({
          at: [P],
          message: `has ${count} NonKeyAttributes in all indexes together, but DynamoDB allows ${MOST_PROJECTED}.`,
        });
      return findings;
    },
  },
  {
    reads: [[P, 'StreamSpecification']],
    check({ Properties: { StreamSpecification: stream } }) {
      const path = [P, 'StreamSpecification'];
      if (stream?.StreamEnabled && !stream.StreamViewType)
        return [{ at: path, message: 'is missing "StreamViewType", which StreamEnabled true requires.' }];
      if (stream && !stream.StreamEnabled && stream.StreamViewType)
        return [
          { at: [...path, 'StreamViewType'], message: 'is not allowed because StreamEnabled is false.' },
        ];
      return [];
    },
  },
  {
    reads: [[P, 'SSESpecification']],
    check({ Properties: { SSESpecification: encryption } }) {
      if (!encryption || encryption.Enabled) return [];
      return (['SSEType', 'KMSMasterKeyId'] as const)
        .filter((key) => encryption[key] !== undefined)
        .map((key) => ({
          at: [P, 'SSESpecification', key],
          message: 'is not allowed unless Enabled is true.',
        }));
    },
  },
  {
    reads: [[P, 'Tags']],
    check({ Properties: { Tags: tags = [] } }) {
      const keys = tags.map(({ Key }, i) => ({ at: [P, 'Tags', i, 'Key'], name: Key }));
      return duplicates(keys, 'Tag keys must be unique within a table.');
    },
  },
  {
    reads: [
      [P, 'TimeToLive', 'AttributeName'],
      [P, 'AttributeDefinitions'],
    ],
    check({ Properties: { TimeToLive: expiry, AttributeDefinitions: definitions } }) {
      const type = definitions.find((one) => one.AttributeName === expiry?.AttributeName)?.AttributeType;
      if (!expiry || type === undefined || type === 'N') return [];
      const message = `is ${quote(expiry.AttributeName)}, which has AttributeType ${quote(type)}, but must have AttributeType "N".`;
      return [{ at: [P, 'TimeToLive', 'AttributeName'], message }];
    },
  },
  {
    reads: [[P, 'ResourcePolicy']],
    check({ Properties: { ResourcePolicy: policy } }) {
      return policy === undefined || isJson(policy)
        ? []
        : [{ at: [P, 'ResourcePolicy'], message: `is ${quote(policy)}, but must be a policy as JSON text.` }];
    },
  },
];

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
