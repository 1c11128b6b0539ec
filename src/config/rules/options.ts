import type { Projection, Properties } from '../../generated/tables.ts';
import type { Finding } from '../finding.ts';
import type { Path } from '../problem.ts';
import { quote } from '../quote.ts';
import type { Rule } from './rule.ts';

const P = 'Properties';
const LOCAL: Path = [P, 'LocalSecondaryIndexes'];
const GLOBAL: Path = [P, 'GlobalSecondaryIndexes'];

/** DynamoDB's limit over all indexes of a table together. */
const MOST_PROJECTED = 100;

const everyIndex = (key: string): Path[] => [
  [...LOCAL, '*', key],
  [...GLOBAL, '*', key],
];

function indexesOf({ LocalSecondaryIndexes: local = [], GlobalSecondaryIndexes: global = [] }: Properties) {
  return [
    ...local.map((index, i) => ({ path: [...LOCAL, i], index })),
    ...global.map((index, i) => ({ path: [...GLOBAL, i], index })),
  ];
}

function repeated(names: readonly string[], at: (i: number) => Path, what: string): Finding[] {
  return names.flatMap((name, i) =>
    names.indexOf(name) === i
      ? []
      : [{ at: at(i), message: `must not be ${quote(name)} a second time: ${what}` }],
  );
}

function misprojected(
  path: Path,
  { ProjectionType: type, NonKeyAttributes: attributes }: Projection,
): Finding[] {
  if (type === 'INCLUDE' && !attributes)
    return [{ at: path, message: 'must have "NonKeyAttributes", because ProjectionType is "INCLUDE".' }];
  if (type !== 'INCLUDE' && attributes)
    return [
      {
        at: [...path, 'NonKeyAttributes'],
        message: `must be left out, unless ProjectionType is "INCLUDE"; it is ${quote(type)}.`,
      },
    ];
  return [];
}

export const optionRules: readonly Rule[] = [
  {
    reads: everyIndex('IndexName'),
    check: ({ Properties }) =>
      repeated(
        indexesOf(Properties).map(({ index }) => index.IndexName),
        (i) => [...indexesOf(Properties)[i]!.path, 'IndexName'],
        'index names of a table are unique.',
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
          message: `must name at most ${MOST_PROJECTED} NonKeyAttributes in all indexes together; it names ${count}.`,
        });
      return findings;
    },
  },
  {
    reads: [[P, 'StreamSpecification']],
    check({ Properties: { StreamSpecification: stream } }) {
      const path = [P, 'StreamSpecification'];
      if (stream?.StreamEnabled && !stream.StreamViewType)
        return [{ at: path, message: 'must have "StreamViewType", because StreamEnabled is true.' }];
      if (stream && !stream.StreamEnabled && stream.StreamViewType)
        return [
          { at: [...path, 'StreamViewType'], message: 'must be left out, because StreamEnabled is false.' },
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
          message: 'must be left out, unless Enabled is true.',
        }));
    },
  },
  {
    reads: [[P, 'Tags']],
    check({ Properties: { Tags: tags = [] } }) {
      const keys = tags.map(({ Key }) => Key);
      return repeated(keys, (i) => [P, 'Tags', i, 'Key'], 'tag keys of a table are unique.');
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
      const message = `must be a number attribute; ${quote(expiry.AttributeName)} is defined with AttributeType ${quote(type)}.`;
      return [{ at: [P, 'TimeToLive', 'AttributeName'], message }];
    },
  },
  {
    reads: [[P, 'ResourcePolicy']],
    check({ Properties: { ResourcePolicy: policy } }) {
      return policy === undefined || isJson(policy)
        ? []
        : [{ at: [P, 'ResourcePolicy'], message: `must be a policy as JSON text; it is ${quote(policy)}.` }];
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
