/** CreateTable. dynalite validates keys and indexes. The rest of the input is validated and stored here. */
import type { CreateTableInput, LocalSecondaryIndex } from '@aws-sdk/client-dynamodb';
import { describe } from './describe.ts';
import type { Json } from './engine.ts';
import { inUse, invalidParameter, limitExceeded } from './failure.ts';
import type { Operation, Region } from './region.ts';
import { applySettings, type Settings } from './settings.ts';
import type { Index, Table } from './table.ts';
import { tagsFrom } from './tags.ts';
import { newThroughput } from './throughput.ts';
import { checkVectorIndexes, withoutVectors } from './vector-indexes.ts';
import { tableArn } from './wire.ts';

/** The maximum capacity of a table with its indexes (DescribeLimits: TableMaxReadCapacityUnits). */
const MAX_TABLE_UNITS = 40_000;

export function createTable(region: Region): Operation {
  return (wire) => {
    const input = wire as unknown as CreateTableInput;
    const name = input.TableName ?? '';
    const indexed = [input.GlobalSecondaryIndexes, input.LocalSecondaryIndexes].some((all) => all?.length);
    return region.locks.run([`table ${name}`], () =>
      region.tables.starting(indexed ? 'create-with-indexes' : 'create', async () => {
        const tags = tagsFrom(input.Tags ?? [], new Map());
        checkCapacity(input);
        checkVectorIndexes(input);
        if (region.tables.find(name)) throw inUse(`Table already exists: ${name}`);
        const table = await addTable(region, input, { tags });
        return { TableDescription: describe(table, region.now()) };
      }),
    );
  };
}

interface Origin {
  readonly tags?: Map<string, string>;
  readonly restored?: Table['restored'];
  /** Adds the initial items of the table. */
  readonly fill?: () => Promise<void>;
}

/** A table that becomes CREATING now. */
export async function addTable(
  region: Region,
  input: CreateTableInput,
  { tags = new Map(), restored, fill }: Origin,
): Promise<Table> {
  const name = input.TableName ?? '';
  await region.engine.call('CreateTable', withoutVectors(input) as unknown as Json);
  await untilSettled(region, name);
  await fill?.();
  const endsAt = region.elapsed() + region.createTableMs;
  const backupsFrom = endsAt + region.enableBackupsMs;
  const created = newTable(region, input, tags);
  const table = { ...created, backupsFrom, ...(restored && { restored }) };
  const indexes = table.indexes.map((index) => index.name);
  region.served.record(table, region.now());
  region.tables.add(table, { status: 'CREATING', endsAt, indexes, finish: () => {} });
  return table;
}

/** dynalite changes the state of a table shortly after it responds. */
export async function untilSettled(region: Region, name: string): Promise<void> {
  for (;;) {
    const { Table: table } = (await region.engine.call('DescribeTable', { TableName: name })) as {
      Table: { TableStatus: string; GlobalSecondaryIndexes?: { IndexStatus: string }[] };
    };
    const indexes = table.GlobalSecondaryIndexes ?? [];
    if (table.TableStatus === 'ACTIVE' && indexes.every((index) => index.IndexStatus === 'ACTIVE')) return;
  }
}

/** dynalite accepts an index of a provisioned table without capacity, or with too much. */
function checkCapacity(input: CreateTableInput): void {
  const indexes = input.GlobalSecondaryIndexes ?? [];
  if (input.BillingMode === 'PAY_PER_REQUEST') return;
  const missing = indexes.find((index) => !index.ProvisionedThroughput);
  if (missing)
    throw invalidParameter(`ProvisionedThroughput is not specified for index: ${missing.IndexName}`);
  checkTableMaximum([input, ...indexes].map((wanted) => wanted.ProvisionedThroughput ?? {}));
}

export function checkTableMaximum(all: { ReadCapacityUnits?: number; WriteCapacityUnits?: number }[]): void {
  for (const member of ['ReadCapacityUnits', 'WriteCapacityUnits'] as const) {
    const sum = all.reduce((total, one) => total + (one[member] ?? 0), 0);
    if (sum > MAX_TABLE_UNITS)
      throw limitExceeded(
        `Provisioned throughput limit exceeded: ${member} of a table and its indexes must be at most ${MAX_TABLE_UNITS}, not ${sum}`,
      );
  }
}

function newTable(
  region: Region,
  input: CreateTableInput,
  tags: Map<string, string>,
): Omit<Table, 'backupsFrom'> {
  const now = region.now();
  const onDemand = input.BillingMode === 'PAY_PER_REQUEST';
  const name = input.TableName ?? '';
  return {
    name,
    arn: tableArn(region.name, name),
    id: region.ids.uuid(`table ${name}`),
    createdAt: now,
    keySchema: input.KeySchema ?? [],
    attributeDefinitions: input.AttributeDefinitions ?? [],
    indexes: newIndexes(input, onDemand, now),
    vectorIndexes: input.VectorIndexes ?? [],
    throughput: newThroughput(input, onDemand, now),
    tags,
    settings: newSettings(input, onDemand, now),
    onDemand,
  };
}

function newIndexes(input: CreateTableInput, onDemand: boolean, now: number): Index[] {
  const definition = (index: LocalSecondaryIndex) => ({
    name: index.IndexName ?? '',
    keySchema: index.KeySchema ?? [],
    projection: index.Projection ?? {},
  });
  return [
    ...(input.LocalSecondaryIndexes ?? []).map(definition),
    ...(input.GlobalSecondaryIndexes ?? []).map((index) => ({
      ...definition(index),
      throughput: newThroughput(index, onDemand, now),
    })),
  ];
}

function newSettings(input: CreateTableInput, onDemand: boolean, now: number): Settings {
  const settings: Settings = {
    deletionProtection: false,
    tableClassChangedAt: [],
    switchesToOnDemand: [],
    ...(onDemand && { billingMode: 'PAY_PER_REQUEST', onDemandSince: now }),
  };
  applySettings(settings, input, now);
  return settings;
}
