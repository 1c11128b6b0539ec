import { describe, expect, it } from 'vitest';
import { stateFrom } from '../../src/aws/describe.ts';
import { findInSpec } from '../../src/config/rules/spec.ts';
import { settle } from '../../src/config/settle.ts';
import { pricesOf } from '../../src/core/prices.ts';
import { planRotate } from '../../src/core/rotating/rotate.ts';
import { differences } from '../../src/core/schema.ts';
import type { Properties, VectorIndex } from '../../src/generated/tables.ts';
import { at } from '../support/specs.ts';
import { observedOf } from '../support/worlds.ts';

const index: VectorIndex = {
  IndexName: 'ByMeaning',
  VectorAttribute: { AttributeName: 'Embedding' },
  Dimensions: 256,
  DistanceFunction: 'COSINE',
  Projection: { ProjectionType: 'KEYS_ONLY' },
};
const owner = { AttributeName: 'Owner', SearchSchemaElementType: 'HASH' } as const;

const properties = (more: Partial<Properties> = {}): Properties => ({
  AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
  VectorIndexes: [index],
  ...more,
});
const defining = (...names: readonly string[]): Pick<Properties, 'AttributeDefinitions'> => ({
  AttributeDefinitions: ['Key', ...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
});
const notes = (Properties: Properties) => ({
  TableName: 'Notes',
  RotationScheme: 'monthly' as const,
  PurgeRotation: '12',
  Properties,
});

const findings = (Properties: Properties): string[] =>
  findInSpec({ path: [], value: notes(Properties) }, () => true).map(
    ({ at: place, message }) => `${place.slice(1).join('.')} ${message}`,
  );

describe('a vector index in a spec', () => {
  it.each<[string, Partial<Properties>]>([
    ['alone', {}],
    [
      'with attributes that limit a search',
      { ...defining('Owner'), VectorIndexes: [{ ...index, SearchSchema: [owner] }] },
    ],
  ])('is accepted %s', (_, more) => {
    expect(findings(properties(more))).toEqual([]);
  });

  it.each<[string, Partial<Properties>, string]>([
    [
      'a provisioned table',
      {
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
      },
      'VectorIndexes is not allowed unless the table has BillingMode "PAY_PER_REQUEST".',
    ],
    [
      'a defined vector',
      defining('Embedding'),
      'VectorIndexes.0.VectorAttribute.AttributeName is "Embedding", but AttributeDefinitions defines that attribute. A vector cannot be defined there.',
    ],
    [
      'an undefined attribute of a search',
      { VectorIndexes: [{ ...index, SearchSchema: [owner] }] },
      'VectorIndexes.0.SearchSchema.0.AttributeName is "Owner", but AttributeDefinitions does not define that attribute.',
    ],
    [
      'a repeated attribute',
      {
        ...defining('Owner'),
        VectorIndexes: [
          { ...index, SearchSchema: [owner, { ...owner, SearchSchemaElementType: 'INLINE_FILTER' }] },
        ],
      },
      'VectorIndexes.0.SearchSchema.1.AttributeName is "Owner", but this SearchSchema already contains that attribute.',
    ],
    [
      'two HASH attributes',
      {
        ...defining('Owner', 'Team'),
        VectorIndexes: [{ ...index, SearchSchema: [owner, { ...owner, AttributeName: 'Team' }] }],
      },
      'VectorIndexes.0.SearchSchema has 2 HASH attributes, but DynamoDB allows 1.',
    ],
    [
      'the name of another index',
      { VectorIndexes: [index, index] },
      'VectorIndexes.1.IndexName is "ByMeaning", which is already in use. Index names must be unique within a table.',
    ],
    [
      'INCLUDE without attributes',
      { VectorIndexes: [{ ...index, Projection: { ProjectionType: 'INCLUDE' } }] },
      'VectorIndexes.0.Projection is missing "NonKeyAttributes", which ProjectionType "INCLUDE" requires.',
    ],
  ])('is rejected with %s', (_, more, expected) => {
    expect(findings(properties(more))).toContain(expected);
  });

  it('is part of CreateTable, with a number instead of a string', () => {
    const written = { ...index, Dimensions: '256' };
    const config = settle(
      [notes(properties({ VectorIndexes: [written] }))],
      {},
      'production',
      pricesOf(undefined),
    );
    const { actions } = planRotate(config, observedOf([]), at('2026-11-21'));
    expect(actions[0]).toMatchObject({ kind: 'create', input: { VectorIndexes: [index] } });
  });
});

describe('a vector index of an existing table', () => {
  const found = (change: Partial<VectorIndex>): string[] =>
    differences(properties(), properties({ VectorIndexes: [{ ...index, ...change }] }));

  it.each<[string, Partial<VectorIndex>, string[]]>([
    ['nothing', {}, []],
    [
      'the dimensions',
      { Dimensions: 512 },
      [
        'The index ByMeaning compares Embedding (512 dimensions, COSINE), but the spec says Embedding (256 dimensions, COSINE).',
      ],
    ],
    [
      'the distance',
      { DistanceFunction: 'EUCLIDEAN' },
      [
        'The index ByMeaning compares Embedding (256 dimensions, EUCLIDEAN), but the spec says Embedding (256 dimensions, COSINE).',
      ],
    ],
    [
      'the attribute',
      { VectorAttribute: { AttributeName: 'Vector' } },
      [
        'The index ByMeaning compares Vector (256 dimensions, COSINE), but the spec says Embedding (256 dimensions, COSINE).',
      ],
    ],
    [
      'the projection',
      { Projection: { ProjectionType: 'ALL' } },
      ['The index ByMeaning projects ALL, but the spec says KEYS_ONLY.'],
    ],
    [
      'the search',
      { SearchSchema: [owner] },
      [
        'The index ByMeaning compares Embedding (256 dimensions, COSINE), searched by Owner (undefined, HASH), but the spec says Embedding (256 dimensions, COSINE).',
      ],
    ],
  ])('differs from the spec by %s', (_, change, expected) => {
    expect(found(change)).toEqual(expected);
  });

  it('is missing, or not part of the spec', () => {
    const { VectorIndexes: _, ...without } = properties();
    expect(differences(properties(), without)).toEqual(['The index ByMeaning of the spec is missing.']);
    expect(differences(without, properties())).toEqual(['The spec does not have the index ByMeaning.']);
  });

  it('counts in the size of its table', () => {
    const state = stateFrom({
      TableSizeBytes: 1_000,
      VectorIndexes: [{ ...(index as object), IndexStatus: 'ACTIVE', IndexSizeBytes: 300, ItemCount: 7 }],
    });
    expect(state.sizeBytes).toBe(1_300);
    expect(state.schema.VectorIndexes).toEqual([index]);
  });
});
