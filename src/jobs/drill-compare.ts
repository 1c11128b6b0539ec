/** Reads a restored table, and what it is compared with. */

import { queryFor } from '../core/capacity/demand.ts';
import type { StepMs } from '../core/capacity/history.ts';
import type { Drill } from '../core/drilling/record.ts';
import { type Sampled, type Verdict, verdictOf } from '../core/drilling/verdict.ts';
import type { TableState } from '../core/facts.ts';
import { isFailure } from '../core/failure.ts';
import { keyNames } from '../core/schema.ts';
import type { Spec } from '../core/spec.ts';
import type { ItemReader, Ports } from '../ports.ts';

export type DrillPorts = Ports & { readonly items: ItemReader };

/** Continues to count the items of a restored table, until the deadline. */
export async function countOn(
  { counted }: Drill,
  scratch: string,
  { items, clock }: DrillPorts,
  deadline: number,
): Promise<NonNullable<Drill['counted']>> {
  let so = counted;
  while (!so || so.next !== undefined) {
    const page = await items.count(scratch, so?.next);
    so = { items: (so?.items ?? 0) + page.items, ...(page.next !== undefined && { next: page.next }) };
    if (clock.now() >= deadline) break;
  }
  return so;
}

/** The verdict on a restored table whose items have been counted. */
export async function compare(
  { backup }: Drill,
  scratch: TableState,
  items: number,
  spec: Spec | undefined,
  ports: DrillPorts,
): Promise<Verdict> {
  const [described, sampled] = await Promise.all([
    backup.archive
      ? { itemCount: backup.archive.itemCount, sizeBytes: backup.sizeBytes }
      : ports.backups.describe(backup.arn),
    sample(backup, scratch, spec, ports),
  ]);
  const { schema: restored } = scratch;
  const isExport = backup.archive !== undefined;
  return verdictOf({ spec, backup: described, isExport, table: backup.table, restored, items, sampled });
}

const SAMPLE = 100;
const STEP_MS: StepMs = 3_600_000;

/** undefined if the table that was backed up is gone. */
async function sample(
  { table, tableId, createdAt }: Drill['backup'],
  scratch: TableState,
  spec: Spec | undefined,
  { tables, items, metrics, state, clock }: DrillPorts,
): Promise<Sampled | undefined> {
  const source = await tables.describe(table);
  if (source?.id !== tableId || source.status === 'DELETING') return undefined;
  const replicated = source.global || (spec?.replicas.length ?? 0) > 0;
  const key = keyNames(scratch.schema.KeySchema);
  // Purge would take the reads for those of an application, cancel the deletion, and pay for another export.
  const isScheduled = (await state.scheduledDeletions('to-cancel')).some((one) => one.table === table);
  const sampled = isScheduled ? [] : await items.sample(scratch.name, key, SAMPLE);
  const keys = sampled.map((one) => one.key);
  // A busy table is read later by others. Its reads matter more.
  const { read, found } = await items.withKeys(table, key, keys).catch((error: unknown) => {
    if (!isFailure(error, 'throttled')) throw error;
    return { read: new Set<string>(), found: new Map<string, string>() };
  });
  const compared = sampled.filter((one) => read.has(one.key));
  const same = compared.filter((one) => found.get(one.key) === one.item).length;
  const gone = compared.filter((one) => !found.has(one.key)).length;
  return {
    ...{ isScheduled, compared: compared.length, same, gone, changed: compared.length - same - gone },
    // Writes in other Regions might not be in the metrics of this one.
    unchangedSince: !replicated && (await isUnchangedSince(table, createdAt, metrics, clock.now())),
    expires: (await tables.timeToLive(table)).attribute !== undefined,
  };
}

/** Whether CloudWatch says that nothing was written since the hour of the backup. */
async function isUnchangedSince(
  table: string,
  since: number,
  metrics: Ports['metrics'],
  now: number,
): Promise<boolean> {
  const whole = (time: number): number => Math.floor(time / STEP_MS) * STEP_MS;
  const query = queryFor(table, undefined, 'write', 'consumed');
  const [series] = await metrics.read([query], whole(since), whole(now) + STEP_MS, STEP_MS);
  if (!series || 'error' in series || series.sums.size === 0) return false;
  return [...series.sums.values()].every((sum) => sum === 0);
}
