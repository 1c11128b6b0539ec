/** UpdateTable: all its checks come before any change, so a refused call changes and spends nothing. */
import type { UpdateTableInput } from '@aws-sdk/client-dynamodb';
import { checkTableMaximum, untilSettled } from './create-table.ts';
import { describe } from './describe.ts';
import type { Json } from './engine.ts';
import { invalidParameter, limitExceeded, notEmbedded, notFound, validation } from './failure.ts';
import { mayDecrease, quotaMessage, spendDecrease, withinRollingLimit } from './quota.ts';
import { type Operation, type Region, tableNameOf } from './region.ts';
import { applySettings } from './settings.ts';
import { type Capacity, globalIndexes, refuseWhileChanging, type Table, type Throughput } from './tables.ts';
import { capacityOf, larger, lowers, NO_CAPACITY, raises, serveCapacity } from './throughput.ts';

const DAY_MS = 86_400_000;
const TO_ON_DEMAND = { limit: 4, windowMs: DAY_MS };
const TABLE_CLASS = { limit: 2, windowMs: 30 * DAY_MS };

/** What dynalite knows of UpdateTable, and what is kept here. */
const IN_ENGINE = ['ProvisionedThroughput', 'BillingMode', 'GlobalSecondaryIndexUpdates'] as const;
const HERE = [
  'DeletionProtectionEnabled',
  'TableClass',
  'OnDemandThroughput',
  'WarmThroughput',
  'StreamSpecification',
  'SSESpecification',
] as const;
const NOT_EMBEDDED = ['ReplicaUpdates', 'GlobalTableWitnessUpdates', 'MultiRegionConsistency'] as const;

interface CapacityChange {
  /** undefined for the table itself. */
  readonly index?: string;
  readonly throughput: Throughput;
  readonly to: Capacity;
}

export function updateTable(region: Region): Operation {
  return (wire) => {
    const input = { ...wire, TableName: tableNameOf(wire) } as UpdateTableInput & Json;
    return region.locks.run([`table ${input.TableName}`], async () => {
      const table = region.tables.get(input.TableName ?? '');
      return region.tables.starting('change', () => update(region, table, input));
    });
  };
}

async function update(region: Region, table: Table, input: UpdateTableInput & Json): Promise<Json> {
  refuseWhileChanging(table);
  refuseNotEmbedded(input);
  const changes = capacityChanges(table, input);
  const now = region.now();
  checkLimits(table, input, changes, now);
  checkWarm(table, input);
  const inEngine = IN_ENGINE.some((member) => input[member] !== undefined);
  if (inEngine || !HERE.some((member) => input[member] !== undefined)) {
    await region.engine.call('UpdateTable', input);
    await untilSettled(region, table.name);
  }
  // UpdateTable's own answer shows the counter as it was before: it lags.
  const before = describe(table, now);
  begin(region, table, input, changes, now);
  return { TableDescription: { ...describe(table, now), ...lagging(before) } };
}

const lagging = (before: Json): Json => ({ ProvisionedThroughput: before.ProvisionedThroughput });

function refuseNotEmbedded(input: UpdateTableInput & Json): void {
  for (const member of NOT_EMBEDDED) if (input[member] !== undefined) throw notEmbedded(member);
  for (const wanted of input.GlobalSecondaryIndexUpdates ?? [])
    if (wanted.Create || wanted.Delete)
      throw notEmbedded('creating or deleting a global secondary index of an existing table');
}

function capacityChanges(table: Table, input: UpdateTableInput): CapacityChange[] {
  const indexes = globalIndexes(table);
  const toOnDemand = input.BillingMode === 'PAY_PER_REQUEST';
  if (toOnDemand && !table.onDemand)
    return [table, ...indexes].map((one) => ({
      index: one === table ? undefined : one.name,
      throughput: one.throughput,
      to: NO_CAPACITY,
    }));
  const changes: CapacityChange[] = [];
  if (input.ProvisionedThroughput)
    changes.push({ throughput: table.throughput, to: capacityOf(input.ProvisionedThroughput) });
  for (const { Update: wanted } of input.GlobalSecondaryIndexUpdates ?? []) {
    if (!wanted?.ProvisionedThroughput) continue;
    const index = indexes.find((candidate) => candidate.name === wanted.IndexName);
    // dynalite passes over an index that is not there.
    if (!index) throw notFound(`Requested resource not found: Index: ${wanted.IndexName} not found`);
    if (table.onDemand && input.BillingMode !== 'PROVISIONED')
      throw invalidParameter(
        'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      );
    changes.push({
      index: index.name,
      throughput: index.throughput,
      to: capacityOf(wanted.ProvisionedThroughput),
    });
  }
  return changes;
}

function checkLimits(table: Table, input: UpdateTableInput, changes: CapacityChange[], now: number): void {
  const toOnDemand = input.BillingMode === 'PAY_PER_REQUEST' && !table.onDemand;
  if (toOnDemand && !withinRollingLimit(table.settings.toOnDemandAt, now, TO_ON_DEMAND))
    throw limitExceeded('A table can be switched to on-demand mode 4 times in a 24-hour rolling window');
  if (changesClass(table, input) && !withinRollingLimit(table.settings.tableClassChangedAt, now, TABLE_CLASS))
    throw limitExceeded("A table's class can be changed 2 times in a 30-day trailing period");
  if (toOnDemand) return;
  for (const { throughput, to } of changes)
    if (lowers(throughput.capacity, to) && !mayDecrease(throughput.decreases, now))
      throw limitExceeded(quotaMessage(throughput.decreases, now));
  const all = [table.throughput, ...globalIndexes(table).map((index) => index.throughput)].map(
    (throughput) => changes.find((change) => change.throughput === throughput)?.to ?? throughput.capacity,
  );
  checkTableMaximum(all.map(({ read, write }) => ({ ReadCapacityUnits: read, WriteCapacityUnits: write })));
}

const changesClass = (table: Table, input: UpdateTableInput): boolean =>
  input.TableClass !== undefined && input.TableClass !== (table.settings.tableClass ?? 'STANDARD');

function checkWarm(table: Table, { WarmThroughput: wanted }: UpdateTableInput): void {
  const { warm } = table.throughput;
  const falls =
    (wanted?.ReadUnitsPerSecond ?? warm.read) < warm.read ||
    (wanted?.WriteUnitsPerSecond ?? warm.write) < warm.write;
  if (falls)
    throw validation(
      'One or more parameter values were invalid: Requested WarmThroughput for table is lower than current WarmThroughput, decreasing WarmThroughput is not supported',
    );
}

function begin(
  region: Region,
  table: Table,
  input: UpdateTableInput,
  changes: CapacityChange[],
  now: number,
): void {
  const wasOnDemand = table.onDemand;
  const onDemand = input.BillingMode ? input.BillingMode === 'PAY_PER_REQUEST' : wasOnDemand;
  if (changesClass(table, input)) table.settings.tableClassChangedAt.push(now);
  if (onDemand && !wasOnDemand) table.settings.toOnDemandAt.push(now);
  if (onDemand !== wasOnDemand) table.settings.billingMode = onDemand ? 'PAY_PER_REQUEST' : 'PROVISIONED';
  applySettings(table.settings, input, now);
  if (input.OnDemandThroughput) table.throughput.onDemand = input.OnDemandThroughput;
  if (onDemand === wasOnDemand) for (const change of changes) spend(change, now);
  region.tables.begin(table, {
    status: 'UPDATING',
    endsAt: region.elapsed() + region.updateTableMs,
    indexes: changes.flatMap((change) => change.index ?? []),
    // The old capacity serves until the table is ACTIVE again.
    finish: () => {
      table.onDemand = onDemand;
      for (const { throughput, to } of changes) serveCapacity(throughput, to, region.now());
      table.throughput.warm = larger(table.throughput.warm, {
        read: input.WarmThroughput?.ReadUnitsPerSecond ?? 0,
        write: input.WarmThroughput?.WriteUnitsPerSecond ?? 0,
      });
    },
  });
}

/** A call that lowers reads and writes together spends one decrease; one that also raises sets both times. */
function spend({ throughput, to }: CapacityChange, now: number): void {
  if (raises(throughput.capacity, to)) throughput.lastIncreaseAt = now;
  if (lowers(throughput.capacity, to)) throughput.decreases = spendDecrease(throughput.decreases, now);
}
