/**
 * Vector indexes, which dynalite does not know. The embedded AWS validates and describes them. It has no searches.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_VectorIndex.html
 */
import type { CreateTableInput, VectorIndex } from '@aws-sdk/client-dynamodb';
import type { Json } from './engine.ts';
import { invalidParameter, validation } from './failure.ts';
import type { Table } from './table.ts';

const MOST_INDEXES = 5;
const MOST_DIMENSIONS = 4096;
const MOST_ELEMENTS = { HASH: 1, INLINE_FILTER: 18 } as const;
const DISTANCES: readonly unknown[] = ['COSINE', 'EUCLIDEAN', 'DOT_PRODUCT'];

/** @throws AwsError ValidationException */
export function checkVectorIndexes(input: CreateTableInput): void {
  const { VectorIndexes: indexes = [], BillingMode } = input;
  if (indexes.length === 0) return;
  checkBillingOfVectors(indexes, BillingMode ?? 'PROVISIONED');
  if (indexes.length > MOST_INDEXES)
    throw invalidParameter(`A table can have at most ${MOST_INDEXES} vector indexes, not ${indexes.length}`);
  const others = [...(input.LocalSecondaryIndexes ?? []), ...(input.GlobalSecondaryIndexes ?? [])];
  const names = [...others, ...indexes].map(({ IndexName }) => IndexName);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw invalidParameter(`Duplicate index name: ${twice}`);
  for (const index of indexes) checkVectorIndex(index, definedIn(input));
}

/** @throws AwsError ValidationException for a table that is or becomes provisioned */
export function checkBillingOfVectors(indexes: readonly VectorIndex[], mode: string | undefined): void {
  if (indexes.length > 0 && mode === 'PROVISIONED')
    throw invalidParameter('VectorIndexes are only supported with BillingMode PAY_PER_REQUEST');
}

const definedIn = ({ AttributeDefinitions: definitions = [] }: CreateTableInput): Set<string | undefined> =>
  new Set(definitions.map(({ AttributeName }) => AttributeName));

function checkVectorIndex(index: VectorIndex, defined: ReadonlySet<string | undefined>): void {
  const {
    IndexName,
    VectorAttribute,
    Dimensions = 0,
    DistanceFunction,
    Projection,
    SearchSchema = [],
  } = index;
  for (const [member, value] of Object.entries({ IndexName, VectorAttribute, DistanceFunction, Projection }))
    if (value === undefined)
      throw validation(
        `1 validation error detected: Value at 'vectorIndexes.1.member.${member.replace(/^./, (first) => first.toLowerCase())}' failed to satisfy constraint: Member must not be null`,
      );
  if (!Number.isInteger(Dimensions) || Dimensions < 1 || Dimensions > MOST_DIMENSIONS)
    throw invalidParameter(`Dimensions must be from 1 to ${MOST_DIMENSIONS}, not ${Dimensions}`);
  if (!DISTANCES.includes(DistanceFunction))
    throw invalidParameter(`Unknown DistanceFunction: ${DistanceFunction}`);
  if (defined.has(VectorAttribute?.AttributeName))
    throw invalidParameter(`AttributeDefinitions contains a vector: ${VectorAttribute?.AttributeName}`);
  const missing = SearchSchema.find(({ AttributeName }) => !defined.has(AttributeName));
  if (missing)
    throw invalidParameter(`An attribute of SearchSchema is not defined: ${missing.AttributeName}`);
  for (const type of ['HASH', 'INLINE_FILTER'] as const)
    if (
      SearchSchema.filter(({ SearchSchemaElementType: each }) => each === type).length > MOST_ELEMENTS[type]
    )
      throw invalidParameter(`SearchSchema allows ${MOST_ELEMENTS[type]} ${type} attributes`);
}

/** The input for dynalite, which rejects definitions of attributes that only searches use. */
export function withoutVectors({
  VectorIndexes: vectors = [],
  ...input
}: CreateTableInput): CreateTableInput {
  if (vectors.length === 0) return input;
  const keys = [input, ...(input.LocalSecondaryIndexes ?? []), ...(input.GlobalSecondaryIndexes ?? [])];
  const used = new Set(
    keys.flatMap(({ KeySchema = [] }) => KeySchema.map(({ AttributeName }) => AttributeName)),
  );
  const searched = new Set(
    vectors.flatMap(({ SearchSchema = [] }) => SearchSchema.map(({ AttributeName }) => AttributeName)),
  );
  const AttributeDefinitions = input.AttributeDefinitions?.filter(
    ({ AttributeName }) => used.has(AttributeName) || !searched.has(AttributeName),
  );
  return { ...input, AttributeDefinitions };
}

export function describeVectorIndexes({ arn, vectorIndexes, change }: Table): Json {
  if (vectorIndexes.length === 0 || change?.status === 'DELETING') return {};
  return {
    VectorIndexes: vectorIndexes.map((index) => ({
      ...index,
      IndexStatus: change?.status === 'CREATING' ? 'CREATING' : 'ACTIVE',
      IndexSizeBytes: 0,
      ItemCount: 0,
      IndexArn: `${arn}/index/${index.IndexName}`,
    })),
  };
}
