/** The capacity changes of an UpdateTable, and the checks on them. Nothing here changes state. */

import type { UpdateTableInput } from '@aws-sdk/client-dynamodb';
import { DAY_MS } from '../core/calendar/period.ts';
import { checkTableMaximum } from './create-table.ts';
import type { Json } from './engine.ts';
import { inUse, invalidParameter, limitExceeded, notEmbedded, notFound, validation } from './failure.ts';
import { mayDecrease, quotaMessage, withinRollingLimit } from './quota.ts';
import { type Capacity, globalIndexes, type Table, type Throughput } from './table.ts';
import { capacityOf, lowers, NO_CAPACITY } from './throughput.ts';
import { checkBillingOfVectors } from './vector-indexes.ts';

const TO_ON_DEMAND = { limit: 4, windowMs: DAY_MS };
const TABLE_CLASS = { limit: 2, windowMs: 30 * DAY_MS };

const NOT_EMBEDDED = ['GlobalTableWitnessUpdates', 'MultiRegionConsistency', 'VectorIndexUpdates'] as const;

export interface CapacityChange {
  /** undefined for the table. */
  readonly index?: string;
  readonly throughput: Throughput;
  readonly to: Capacity;
}

export function rejectNotEmbedded(input: UpdateTableInput & Json): void {
  for (const member of NOT_EMBEDDED) if (input[member] !== undefined) throw notEmbedded(member);
  for (const { Update } of input.GlobalSecondaryIndexUpdates ?? []) {
    if (Update?.WarmThroughput || Update?.OnDemandThroughput)
      throw notEmbedded('changing the warm or on-demand throughput of an index');
  }
}

export function capacityChanges(table: Table, input: UpdateTableInput): CapacityChange[] {
  const indexes = globalIndexes(table);
  const toOnDemand = input.BillingMode === 'PAY_PER_REQUEST';
  checkBillingOfVectors(table.vectorIndexes, input.BillingMode);
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
    // dynalite ignores an unknown index.
    if (!index) throw notFound(`Requested resource not found: Index: ${wanted.IndexName} not found`);
    if (index.build?.status === 'DELETING')
      throw inUse(
        `Attempt to change a resource which is still in use: Index is being deleted: ${index.name}`,
      );
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

export function checkLimits(
  table: Table,
  input: UpdateTableInput,
  changes: CapacityChange[],
  now: number,
): void {
  const toOnDemand = input.BillingMode === 'PAY_PER_REQUEST' && !table.onDemand;
  if (toOnDemand && !withinRollingLimit(table.settings.switchesToOnDemand, now, TO_ON_DEMAND))
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

export const changesClass = (table: Table, input: UpdateTableInput): boolean =>
  input.TableClass !== undefined && input.TableClass !== (table.settings.tableClass ?? 'STANDARD');

export function checkWarm(table: Table, { WarmThroughput: wanted }: UpdateTableInput): void {
  const { warm } = table.throughput;
  const falls =
    (wanted?.ReadUnitsPerSecond ?? warm.read) < warm.read ||
    (wanted?.WriteUnitsPerSecond ?? warm.write) < warm.write;
  if (falls)
    throw validation(
      'One or more parameter values were invalid: Requested WarmThroughput for table is lower than current WarmThroughput, decreasing WarmThroughput is not supported',
    );
}
