/**
 * A global secondary index that UpdateTable adds to a table or deletes. The table is UPDATING while the index is allocated.
 * After that, the table is ACTIVE, and DynamoDB fills the index for hours (Backfilling).
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html
 */
import type { UpdateTableInput } from '@aws-sdk/client-dynamodb';
import { describe } from './describe.ts';
import type { Json } from './engine.ts';
import { invalidParameter, limitExceeded, notEmbedded, notFound } from './failure.ts';
import type { Region } from './region.ts';
import { globalIndexes, type Table } from './table.ts';
import { newThroughput } from './throughput.ts';

type IndexUpdate = NonNullable<UpdateTableInput['GlobalSecondaryIndexUpdates']>[number];

/** The part of an UpdateTable that adds or deletes an index; undefined if it does neither. */
export function indexUpdateIn(input: UpdateTableInput): IndexUpdate | undefined {
  const updates = (input.GlobalSecondaryIndexUpdates ?? []).filter(({ Create, Delete }) => Create ?? Delete);
  if (updates.length > 1) throw tooMany();
  return updates[0];
}

const tooMany = () => limitExceeded('Only 1 online index can be created or deleted simultaneously per table');

/** Starts to add or delete an index, of a table that is ACTIVE. */
export function startIndexUpdate(
  region: Region,
  table: Table,
  input: UpdateTableInput,
  { Create, Delete }: IndexUpdate,
): Json {
  const others = ['BillingMode', 'ProvisionedThroughput', 'TableClass', 'StreamSpecification'] as const;
  if (others.some((member) => input[member] !== undefined) || input.GlobalSecondaryIndexUpdates?.length !== 1)
    throw notEmbedded('other changes in a call that creates or deletes an index');
  const building = table.indexes.find(({ build }) => build !== undefined);
  const canceled = building?.build?.status === 'CREATING' && building.name === Delete?.IndexName;
  if (building && !canceled) throw tooMany();
  const endsAt = region.now() + region.backfillMs;
  const name = Create?.IndexName ?? Delete?.IndexName ?? '';
  if (Create) addIndex(region, table, input, Create, endsAt);
  else {
    const index = globalIndexes(table).find((one) => one.name === name);
    if (!index) throw notFound(`Requested resource not found: Index: ${name} not found`);
    index.build = { status: 'DELETING', endsAt };
  }
  region.tables.begin(table, {
    status: 'UPDATING',
    endsAt: region.elapsed() + region.updateTableMs,
    indexes: [],
    finish: () => {
      for (const index of table.indexes) if (index.build) index.build = { ...index.build, filling: true };
      region.served.record(table, region.now());
    },
  });
  return { TableDescription: describe(table, region.now()) };
}

function addIndex(
  { now }: Region,
  table: Table,
  input: UpdateTableInput,
  created: NonNullable<IndexUpdate['Create']>,
  endsAt: number,
): void {
  const { IndexName: name = '', KeySchema: keySchema = [], Projection: projection = {} } = created;
  if (table.indexes.some((one) => one.name === name)) throw invalidParameter(`Index already exists: ${name}`);
  if (!table.onDemand && !created.ProvisionedThroughput)
    throw invalidParameter(`ProvisionedThroughput is not specified for index: ${name}`);
  const known = new Map(
    [...table.attributeDefinitions, ...(input.AttributeDefinitions ?? [])].map((one) => [
      one.AttributeName,
      one,
    ]),
  );
  const missing = keySchema.find(({ AttributeName }) => !known.has(AttributeName));
  if (missing)
    throw invalidParameter(
      `Some index key attributes are not defined in AttributeDefinitions: ${missing.AttributeName}`,
    );
  table.attributeDefinitions = [...known.values()];
  const throughput = newThroughput(created, table.onDemand, now());
  table.indexes = [
    ...table.indexes,
    { name, keySchema, projection, throughput, build: { status: 'CREATING', endsAt }, added: true },
  ];
}
