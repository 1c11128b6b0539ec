import type { Table } from './fleet.ts';
import { tagsFor } from './ownership.ts';
import { plannedUnits } from './phase.ts';
import type { CreateTable } from './plan.ts';
import { protects } from './spec.ts';

/**
 * CreateTable's input for a table: the spec's own properties, billing, class and throughput of its phase, and
 * ownership tags, which go into the creating call so that no table of ours is ever without them.
 */
export function creationInput(table: Table, now: number): CreateTable {
  const { spec, period } = table;
  const { TimeToLive, PointInTimeRecoverySpecification, Tags, ...rest } = spec.properties;
  const { ProvisionedThroughput, GlobalSecondaryIndexes, ...passed } = rest;
  const { billingMode, tableClass } = table.phase === 'outdated' ? spec.outdated : {};
  const throughput = (index?: string) => {
    const resource = spec.resources.find((candidate) => candidate.index === index);
    if (!resource || billingMode === 'PAY_PER_REQUEST') return {};
    const { read, write } = plannedUnits(spec, resource, period, now);
    return { ProvisionedThroughput: { ReadCapacityUnits: read, WriteCapacityUnits: write } };
  };
  const ownership = Object.entries(tagsFor(spec, period)).map(([Key, Value]) => ({ Key, Value }));
  return {
    TableName: table.name,
    ...passed,
    ...(billingMode && { BillingMode: billingMode }),
    ...(tableClass && { TableClass: tableClass }),
    ...throughput(),
    ...(GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(({ ProvisionedThroughput: _, ...index }) => ({
        ...index,
        ...throughput(index.IndexName),
      })),
    }),
    DeletionProtectionEnabled: protects(spec),
    Tags: [...(Tags ?? []), ...ownership],
  };
}
