import type { Projection, Properties, VectorIndex } from '../generated/tables.ts';

/**
 * The properties of CreateTable that applications and other systems rely on. Keys and local indexes can never be
 * changed.
 */
export type Schema = Pick<
  Properties,
  | 'AttributeDefinitions'
  | 'KeySchema'
  | 'LocalSecondaryIndexes'
  | 'GlobalSecondaryIndexes'
  | 'VectorIndexes'
  | 'StreamSpecification'
>;

interface Index {
  readonly kind: 'global' | 'local' | 'vector';
  /** The key of a global or local index. What a vector index compares, and how. */
  readonly key: string;
  readonly projection: string;
}

/** How an existing table differs from its spec: one sentence for each difference. */
export function differences(wanted: Schema, found: Schema): string[] {
  return [
    ...keyDifference(wanted, found),
    ...indexDifferences(wanted, found),
    ...streamDifference(wanted, found),
  ];
}

/** How the key of an existing table differs from its spec: at most one sentence. */
export function keyDifference(wanted: Schema, found: Schema): string[] {
  const [want, have] = [wanted, found].map((schema) => sayKey(schema, schema.KeySchema));
  return want === have ? [] : [`The key is ${have}, but the spec says ${want}.`];
}

function indexDifferences(wanted: Schema, found: Schema): string[] {
  const [want, have] = [indexesOf(wanted), indexesOf(found)];
  return [...new Set([...want.keys(), ...have.keys()])]
    .sort()
    .flatMap((name) => indexDifference(name, want.get(name), have.get(name)) ?? []);
}

function indexDifference(name: string, want?: Index, have?: Index): string | undefined {
  if (!have) return `The index ${name} of the spec is missing.`;
  if (!want) return `The spec does not have the index ${name}.`;
  if (want.kind !== have.kind) return `The index ${name} is ${have.kind}, but the spec says ${want.kind}.`;
  const has = want.kind === 'vector' ? 'compares' : 'has the key';
  if (want.key !== have.key) return `The index ${name} ${has} ${have.key}, but the spec says ${want.key}.`;
  if (want.projection === have.projection) return undefined;
  return `The index ${name} projects ${have.projection}, but the spec says ${want.projection}.`;
}

function streamDifference(wanted: Schema, found: Schema): string[] {
  const [want, have] = [wanted, found].map(({ StreamSpecification: stream }) =>
    stream?.StreamEnabled ? `a stream of ${stream.StreamViewType}` : 'no stream',
  );
  return want === have ? [] : [`The table has ${have}, but the spec says ${want}.`];
}

function indexesOf(schema: Schema): Map<string, Index> {
  const keyed = [
    ...(schema.GlobalSecondaryIndexes ?? []).map((index) => ({ kind: 'global' as const, ...index })),
    ...(schema.LocalSecondaryIndexes ?? []).map((index) => ({ kind: 'local' as const, ...index })),
  ];
  const vectors = (schema.VectorIndexes ?? []).map((index) => ({ kind: 'vector' as const, ...index }));
  const all = [
    ...keyed.map((index) => ({ ...index, key: sayKey(schema, index.KeySchema) })),
    ...vectors.map((index) => ({ ...index, key: sayVector(schema, index) })),
  ];
  return new Map(
    all.map(({ kind, IndexName, key, Projection }) => [
      IndexName,
      { kind, key, projection: sayProjection(Projection) },
    ]),
  );
}

function sayProjection({ ProjectionType, NonKeyAttributes = [] }: Projection): string {
  return (
    ProjectionType + (NonKeyAttributes.length > 0 ? ` of ${NonKeyAttributes.toSorted().join(', ')}` : '')
  );
}

/** `Embedding (256 dimensions, COSINE), searched by Owner (S, HASH)`. */
function sayVector(schema: Schema, index: VectorIndex): string {
  const { VectorAttribute, Dimensions, DistanceFunction, SearchSchema = [] } = index;
  const vector = `${VectorAttribute.AttributeName} (${Dimensions} dimensions, ${DistanceFunction})`;
  const parts = SearchSchema.map(({ AttributeName, SearchSchemaElementType: KeyType }) => ({
    AttributeName,
    KeyType,
  })).toSorted((a, b) => a.AttributeName.localeCompare(b.AttributeName));
  return parts.length > 0 ? `${vector}, searched by ${sayKey(schema, parts)}` : vector;
}

interface KeyPart {
  readonly AttributeName?: string | undefined;
  readonly KeyType?: string | undefined;
}

interface NamedPart {
  readonly AttributeName: string;
  readonly KeyType: string;
}

const inOrder = <P extends KeyPart>(parts: readonly P[]): P[] =>
  parts.toSorted((a, b) => String(a.KeyType).localeCompare(String(b.KeyType)));

/** Names of a key's attributes, HASH first. */
export const keyNames = (parts: readonly KeyPart[]): string[] =>
  inOrder(parts).map(({ AttributeName = '' }) => AttributeName);

/** `Key (S, HASH), Timestamp (N, RANGE)`. */
function sayKey({ AttributeDefinitions = [] }: Partial<Schema>, parts: readonly NamedPart[] = []): string {
  const types = new Map(
    AttributeDefinitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
  );
  return inOrder(parts)
    .map(({ AttributeName, KeyType }) => `${AttributeName} (${types.get(AttributeName)}, ${KeyType})`)
    .join(', ');
}
