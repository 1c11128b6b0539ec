import { sayInstant } from '../calendar/instant.ts';
import { provisionedMonth, together } from '../cost.ts';
import type { Table } from '../fleet.ts';
import { tagsFor } from '../guards/ownership.ts';
import type { Observed } from '../observed.ts';
import { acting, combined, type Outcome } from '../outcome.ts';
import type { CreateTable } from '../plan.ts';
import type { Prices } from '../prices.ts';
import { parkedUnits, protects, type Resource, type Spec, type Units } from '../spec.ts';
import { sayUnits } from '../throughput.ts';
import { consumersOfNewTable } from './consumers.ts';
import { destinationOfNewTable } from './destination.ts';
import { plannedUnits, warmFrom } from './planned.ts';
import { replicaOfNewTable } from './replicas.ts';
import { settingsOfNewTable } from './table-settings.ts';
import { urgencyOf } from './urgency.ts';

/** Creates a table, and sets what CreateTable does not accept as soon as the table is ACTIVE. */
export function creation(table: Table, observed: Observed, prices: Prices, now: number): Outcome {
  const past = table.phase !== 'upcoming' && table.phase !== 'active';
  const isDeleting = observed.known('description', table.name)?.status === 'DELETING';
  const deleting = isDeleting ? 'The table is DELETING. Rotate creates it again as soon as it is gone. ' : '';
  const create = acting({
    kind: 'create',
    reason: past ? 'backfill' : 'missing',
    message: `${deleting}${why(table)} ${capacity(table, prices, now)}`,
    urgency: urgencyOf(table, now),
    input: creationInput(table, now),
  });
  return combined(
    create,
    consumersOfNewTable(observed, table, now),
    destinationOfNewTable(observed, table, now),
    settingsOfNewTable(table),
    replicaOfNewTable(observed, table, prices, now),
  );
}

function why({ period, phase, spec }: Table): string {
  if (spec.scheme === 'none') return 'The table does not exist.';
  const start = sayInstant(period.start);
  if (phase === 'upcoming') return `The period starts at ${start}.`;
  if (phase === 'active') return `The period started at ${start} and the table does not exist.`;
  return `The period started at ${start} and Backfill is ${spec.backfill}.`;
}

function capacity(table: Table, prices: Prices, now: number): string {
  const { spec, period } = table;
  const own = spec.resources.find(({ index }) => index === undefined);
  if (!own || createdOnDemand(table)) return 'On-demand.';
  const units = sayUnits(plannedUnits(spec, own, period, now));
  return own.parked && now < warmFrom(spec, own, period)
    ? `${units} ${sayParked(spec, prices)}`
    : `${units}.`;
}

/** What parking a table and its indexes until warm-up saves. */
function sayParked({ resources }: Spec, prices: Prices): string {
  const month = (units: (resource: Resource) => Units): string =>
    provisionedMonth(together(resources.map(units)), 'STANDARD', prices).toFixed(2);
  return `until shortly before its period: USD ${month(parkedUnits)} per month instead of ${month(({ full }) => full)}.`;
}

/**
 * Whether a table is created in on-demand mode. With Billing `auto` it always is. It then costs nothing until its
 * period starts, and serves any demand even if scale does not run.
 */
export const createdOnDemand = ({ spec, phase }: Table): boolean =>
  spec.resources.length === 0 ||
  spec.billing === 'auto' ||
  (phase === 'outdated' && spec.outdated.billingMode === 'PAY_PER_REQUEST');

/**
 * CreateTable's input for a table: the properties of the spec; billing mode, class and throughput of the phase; and the
 * ownership tags. The tags are part of the creating call, so that Turntable never creates a table without them.
 */
export function creationInput(table: Table, now: number): CreateTable {
  const { spec, period } = table;
  const { TimeToLive, PointInTimeRecoverySpecification, Tags, ...rest } = spec.properties;
  const { ProvisionedThroughput, GlobalSecondaryIndexes, ...passed } = rest;
  const { tableClass } = table.phase === 'outdated' ? spec.outdated : {};
  const billingMode = createdOnDemand(table) ? 'PAY_PER_REQUEST' : undefined;
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
