import { iso } from '../core/calendar/instant.ts';
import type { Period } from '../core/calendar/period.ts';
import type { TableState } from '../core/facts.ts';
import { isFailure, messageOf, ServiceError } from '../core/failure.ts';
import { tableOf } from '../core/fleet.ts';
import { CREATED_AT_TAG, disowned, KEEP_TAG, tagsFor } from '../core/guards/ownership.ts';
import { keyWarnings, planRestoration, type Restoration } from '../core/requests/restore.ts';
import { type Config, protects, type Spec } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { activeTable } from './active.ts';
import { type Backoff, defaultBackoff, pauseBefore, retrying } from './retry.ts';
import { forgetUnmanaged, tagVisibly } from './tag.ts';

/** Finds what a table of a period can be restored from. Changes nothing. @throws ServiceError */
export async function surveyRestoration(
  { prices }: Config,
  spec: Spec,
  period: Period,
  { tables, backups }: Ports,
  now: number,
): Promise<Restoration | { readonly refusal: string }> {
  const table = tableOf(spec, period, now);
  const state = await tables.describe(table.name);
  const existing = state && { state, tags: await tables.tags(state.arn) };
  const plan = planRestoration(table, existing, await backups.list(table.name), prices);
  if ('refusal' in plan) return plan;
  return { ...plan, warnings: await warningsOf(plan, backups) };
}

async function warningsOf(
  { table, backup: { arn } }: Restoration,
  backups: Ports['backups'],
): Promise<string[]> {
  try {
    const backup = await backups.describe(arn);
    return backup ? keyWarnings(table, backup) : [];
  } catch (error) {
    return [`Could not read the key of the backup: ${messageOf(error)}`];
  }
}

export interface RestoreOptions {
  /** Once aborted, the command stops waiting. AWS continues the restore. */
  readonly stop?: AbortSignal;
  readonly backoff?: Backoff;
  /** Called with TableStatus while AWS restores. */
  readonly onWait?: (status: string) => void;
}

/** A restore takes minutes, or hours for large tables. */
const LONGEST_PAUSE_MS = 15_000;

/**
 * Creates the table from its backup, waits until it is ACTIVE, turns deletion protection on, and sets the ownership tags
 * and the keep tag. undefined if it was stopped before.
 * @throws ServiceError
 */
export async function restore(
  restoration: Restoration,
  ports: Ports,
  { stop, backoff = defaultBackoff, onWait }: RestoreOptions = {},
): Promise<TableState | undefined> {
  const { clock } = ports;
  const { table, backup, started } = restoration;
  if (!started) await retrying(() => start(table.name, backup.arn, ports), clock, backoff);
  for (let round = 1; ; round += 1) {
    const status = (await retrying(() => restoring(table.name, ports), clock, backoff)).status;
    if (status !== 'CREATING') break;
    if (stop?.aborted) return undefined;
    onWait?.(status);
    const pauses = { ...backoff, longestDelayMs: LONGEST_PAUSE_MS };
    await clock.sleep(pauseBefore(Math.min(round, 8), pauses), stop);
  }
  if (protects(table.spec)) await retrying(() => protect(table.name, ports), clock, backoff);
  const state = await retrying(() => adopt(restoration, ports), clock, backoff);
  await retrying(() => forgetUnmanaged(table.spec.name, state, ports.state), clock, backoff);
  return state;
}

async function start(name: string, arn: string, { backups, tables }: Ports): Promise<void> {
  try {
    await backups.restore(arn, name);
  } catch (error) {
    if (!isFailure(error, 'in-use')) throw error;
    // An earlier try without an answer might have started the restore.
    if ((await tables.describe(name))?.restoredFrom !== arn) throw error;
  }
}

/**
 * The description of a table whose restore was started. DynamoDB might not show it yet:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
 * @throws ServiceError, `in-use` if it is not shown
 */
async function restoring(name: string, { tables }: Ports): Promise<TableState> {
  const state = await tables.describe(name);
  if (state) return state;
  const message = `DynamoDB accepted the restore, but ${name} does not exist. The restore might have failed.`;
  throw new ServiceError('in-use', message);
}

async function protect(name: string, ports: Ports): Promise<void> {
  const { deletionProtected } = await activeTable(name, ports);
  if (!deletionProtected) await ports.tables.protect(name, true);
}

/** Sets all tags in one call, because purge would delete an expired table that has ownership tags and no keep tag. */
async function adopt({ table, backup }: Restoration, { tables, clock }: Ports): Promise<TableState> {
  const { name, spec, period } = table;
  const state = await tables.describe(name);
  if (state?.restoredFrom !== backup.arn)
    throw new ServiceError('refused', `${name} is not the restored table.`);
  const isAdopted = async (): Promise<boolean> => {
    const tags = await tables.tags(state.arn);
    return !disowned(spec, period, name, tags) && tags[KEEP_TAG] !== undefined;
  };
  if (await isAdopted()) return state;
  const tags = {
    ...Object.fromEntries((spec.properties.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    ...tagsFor(spec, period),
    [CREATED_AT_TAG]: iso(state.createdAt),
    [KEEP_TAG]: `restored ${iso(clock.now())}`,
  };
  await tagVisibly(state.arn, tags, tables, isAdopted);
  return state;
}
