import type { Table } from '../fleet.ts';
import { tagsFor } from '../guards/ownership.ts';
import type { CreateTable } from '../plan.ts';
import { protects } from '../spec.ts';
import { plannedUnits } from './planned.ts';

/**
 * Whether a table is made on demand. One whose billing mode is left to scaling is: so it costs nothing until its
 * period, and serves whatever comes should nobody look after it.
 */
export const madeOnDemand = ({ spec, phase }: Table): boolean =>
  spec.resources.length === 0 ||
  spec.billing === 'auto' ||
  (phase === 'outdated' && spec.outdated.billingMode === 'PAY_PER_REQUEST');

/**
 * CreateTable's input for a table: the spec's own properties, billing, class and throughput of its phase, and
 * ownership tags, which go into the creating call so that no table of ours is ever without them.
 */
export function creationInput(table: Table, now: number): CreateTable {
  const { spec, period } = table;
  const { TimeToLive, PointInTimeRecoverySpecification, Tags, ...rest } = spec.properties;
  const { ProvisionedThroughput, GlobalSecondaryIndexes, ...passed } = rest;
  const { tableClass } = table.phase === 'outdated' ? spec.outdated : {};
  const billingMode = madeOnDemand(table) ? 'PAY_PER_REQUEST' : undefined;
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
