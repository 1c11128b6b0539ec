import type { Properties } from '../generated/tables.ts';

/**
 * What a table is made of, in CreateTable's own words: keys and local indexes, which can never be changed, and what
 * applications and other systems rely on.
 */
export type Schema = Pick<
  Properties,
  | 'AttributeDefinitions'
  | 'KeySchema'
  | 'LocalSecondaryIndexes'
  | 'GlobalSecondaryIndexes'
  | 'StreamSpecification'
>;

interface Index {
  readonly kind: 'global' | 'local';
  readonly key: string;
  readonly projection: string;
}

/** What tells a standing table from what its spec makes: a sentence each, none where they agree. */
export function differences(wanted: Schema, found: Schema): string[] {
  return [
    ...keyDifference(wanted, found),
    ...indexDifferences(wanted, found),
    ...streamDifference(wanted, found),
  ];
}

function keyDifference(wanted: Schema, found: Schema): string[] {
  const [want, have] = [wanted, found].map((schema) => sayKey(schema, schema.KeySchema));
  return want === have ? [] : [`Its key is ${have}; the spec says ${want}.`];
}

function indexDifferences(wanted: Schema, found: Schema): string[] {
  const [want, have] = [indexesOf(wanted), indexesOf(found)];
  return [...new Set([...want.keys(), ...have.keys()])]
    .sort()
    .flatMap((name) => indexDifference(name, want.get(name), have.get(name)) ?? []);
}

function indexDifference(name: string, want?: Index, have?: Index): string | undefined {
  if (!have) return `It has no index ${name}, which the spec has.`;
  if (!want) return `It has an index ${name}, which the spec has not.`;
  if (want.kind !== have.kind) return `Its index ${name} is ${have.kind}; the spec says ${want.kind}.`;
  if (want.key !== have.key) return `Its index ${name} has the key ${have.key}; the spec says ${want.key}.`;
  if (want.projection === have.projection) return undefined;
  return `Its index ${name} projects ${have.projection}; the spec says ${want.projection}.`;
}

function streamDifference(wanted: Schema, found: Schema): string[] {
  const [want, have] = [wanted, found].map(({ StreamSpecification: stream }) =>
    stream?.StreamEnabled ? `a stream of ${stream.StreamViewType}` : 'no stream',
  );
  return want === have ? [] : [`It has ${have}; the spec says ${want}.`];
}

function indexesOf(schema: Schema): Map<string, Index> {
  const all = [
    ...(schema.GlobalSecondaryIndexes ?? []).map((index) => ({ kind: 'global' as const, ...index })),
    ...(schema.LocalSecondaryIndexes ?? []).map((index) => ({ kind: 'local' as const, ...index })),
  ];
  return new Map(
    all.map(({ kind, IndexName, KeySchema, Projection: { ProjectionType, NonKeyAttributes = [] } }) => {
      const attributes = NonKeyAttributes.length > 0 ? ` of ${NonKeyAttributes.toSorted().join(', ')}` : '';
      return [IndexName, { kind, key: sayKey(schema, KeySchema), projection: ProjectionType + attributes }];
    }),
  );
}

interface KeyPart {
  readonly AttributeName?: string | undefined;
  readonly KeyType?: string | undefined;
}

const inOrder = <P extends KeyPart>(parts: readonly P[]): P[] =>
  parts.toSorted((a, b) => String(a.KeyType).localeCompare(String(b.KeyType)));

/** Names of a key's attributes, HASH first. */
export const keyNames = (parts: readonly KeyPart[]): string[] =>
  inOrder(parts).map(({ AttributeName = '' }) => AttributeName);

/** `Key (S, HASH), Timestamp (N, RANGE)`. */
function sayKey({ AttributeDefinitions }: Schema, parts: Schema['KeySchema']): string {
  const types = new Map(
    AttributeDefinitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
  );
  return inOrder(parts)
    .map(({ AttributeName, KeyType }) => `${AttributeName} (${types.get(AttributeName)}, ${KeyType})`)
    .join(', ');
}
