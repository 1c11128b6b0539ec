import type { Table } from './fleet.ts';
import { tagsFor } from './ownership.ts';
import { plannedUnits } from './phase.ts';
import type { CreateTable } from './plan.ts';

/**
 * CreateTable's input for a table: the spec's own properties, throughput of its phase, and ownership tags,
 * which go into the creating call so that no table of ours is ever without them.
 */
export function creationInput(table: Table, now: number): CreateTable {
  const { spec, period } = table;
  const { TimeToLive, PointInTimeRecoverySpecification, Tags, GlobalSecondaryIndexes, ...passed } =
    spec.properties;
  const throughput = (index?: string) => {
    const resource = spec.resources.find((candidate) => candidate.index === index);
    if (!resource) return {};
    const { read, write } = plannedUnits(spec, resource, period, now);
    return { ProvisionedThroughput: { ReadCapacityUnits: read, WriteCapacityUnits: write } };
  };
  const ownership = Object.entries(tagsFor(spec, period)).map(([Key, Value]) => ({ Key, Value }));
  return {
    TableName: table.name,
    ...passed,
    ...throughput(),
    ...(GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: GlobalSecondaryIndexes.map((index) => ({
        ...index,
        ...throughput(index.IndexName),
      })),
    }),
    Tags: [...(Tags ?? []), ...ownership],
  };
}
