/** UpdateTable. All checks come before any change, so a rejected call changes nothing and uses no quota. */
import type { UpdateTableInput } from '@aws-sdk/client-dynamodb';
import { untilSettled } from './create-table.ts';
import { describe } from './describe.ts';
import type { Json } from './engine.ts';
import { indexUpdateIn, startIndexUpdate } from './index-build.ts';
import { spendDecrease } from './quota.ts';
import type { Operation, Region } from './region.ts';
import { updateReplicas } from './replicas.ts';
import { applySettings } from './settings.ts';
import { rejectWhileChanging, type Table } from './table.ts';
import { larger, lowers, raises, serveCapacity } from './throughput.ts';
import {
  type CapacityChange,
  capacityChanges,
  changesClass,
  checkLimits,
  checkWarm,
  rejectNotEmbedded,
} from './update-checks.ts';
import { tableNameOf } from './wire.ts';

/** The members that dynalite handles, and those that are stored here. */
const IN_ENGINE = ['ProvisionedThroughput', 'BillingMode', 'GlobalSecondaryIndexUpdates'] as const;
const HERE = [
  'DeletionProtectionEnabled',
  'TableClass',
  'OnDemandThroughput',
  'WarmThroughput',
  'StreamSpecification',
  'SSESpecification',
] as const;

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
  // AWS does not say what else an archived table accepts.
  const unprotects = Object.keys(input).every(
    (key) => key === 'TableName' || key === 'DeletionProtectionEnabled',
  );
  rejectWhileChanging(table, unprotects ? 'deletable' : 'unchangeable');
  rejectNotEmbedded(input);
  if (input.ReplicaUpdates) return updateReplicas(region, table, input);
  const indexUpdate = indexUpdateIn(input);
  if (indexUpdate) return startIndexUpdate(region, table, input, indexUpdate);
  const changes = capacityChanges(table, input);
  const now = region.now();
  checkLimits(table, input, changes, now);
  checkWarm(table, input);
  const inEngine = IN_ENGINE.some((member) => input[member] !== undefined);
  if (inEngine || !HERE.some((member) => input[member] !== undefined)) {
    await region.engine.call('UpdateTable', input);
    await untilSettled(region, table.name);
  }
  const wasOnDemand = table.onDemand;
  const onDemand = input.BillingMode ? input.BillingMode === 'PAY_PER_REQUEST' : wasOnDemand;
  keepSettings(table, input, onDemand, now);
  begin(region, table, input, changes, onDemand);
  const TableDescription = describe(table, now);
  // Counted after the response is built, because the response of UpdateTable shows the count before it.
  if (onDemand === wasOnDemand) for (const change of changes) spend(change, now);
  return { TableDescription };
}

function keepSettings(table: Table, input: UpdateTableInput, onDemand: boolean, now: number): void {
  const { settings } = table;
  if (changesClass(table, input)) settings.tableClassChangedAt.push(now);
  if (onDemand !== table.onDemand) settings.billingMode = onDemand ? 'PAY_PER_REQUEST' : 'PROVISIONED';
  if (onDemand && !table.onDemand) {
    settings.switchesToOnDemand.push(now);
    settings.onDemandSince = now;
  }
  applySettings(settings, input, now);
  if (input.OnDemandThroughput) table.throughput.onDemand = input.OnDemandThroughput;
}

function begin(
  region: Region,
  table: Table,
  input: UpdateTableInput,
  changes: CapacityChange[],
  onDemand: boolean,
): void {
  region.tables.begin(table, {
    status: 'UPDATING',
    endsAt: region.elapsed() + region.updateTableMs,
    indexes: changes.flatMap((change) => change.index ?? []),
    // The old capacity stays effective until the table is ACTIVE again.
    finish: () => {
      table.onDemand = onDemand;
      for (const { throughput, to } of changes) serveCapacity(throughput, to, region.now());
      region.served.record(table, region.now());
      table.throughput.warm = larger(table.throughput.warm, {
        read: input.WarmThroughput?.ReadUnitsPerSecond ?? 0,
        write: input.WarmThroughput?.WriteUnitsPerSecond ?? 0,
      });
    },
  });
}

/** A call that lowers reads and writes uses one decrease. A call that also raises sets both times. */
function spend({ throughput, to }: CapacityChange, now: number): void {
  if (raises(throughput.capacity, to)) throughput.lastIncreaseAt = now;
  if (lowers(throughput.capacity, to)) throughput.decreases = spendDecrease(throughput.decreases, now);
}
