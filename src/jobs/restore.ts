import { iso } from '../core/calendar/instant.ts';
import type { Period } from '../core/calendar/period.ts';
import { isFailure, messageOf, ServiceError } from '../core/failure.ts';
import { tableOf } from '../core/fleet.ts';
import { disowned, KEEP_TAG, MADE_AT_TAG, tagsFor } from '../core/guards/ownership.ts';
import type { TableState } from '../core/observed.ts';
import { keyCautions, planRestoration, type Restoration } from '../core/requests/restore.ts';
import { type Config, protects, type Spec } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { activeTable } from './active.ts';
import { type Backoff, defaultBackoff, pauseBefore, retrying } from './retry.ts';
import { tagVisibly } from './tag.ts';

/** Looks at what a table of a period can be restored from. Nothing is changed. @throws ServiceError */
export async function surveyRestoration(
  { prices }: Config,
  spec: Spec,
  period: Period,
  { tables, backups }: Ports,
  now: number,
): Promise<Restoration | { readonly refusal: string }> {
  const table = tableOf(spec, period, now);
  const state = await tables.describe(table.name);
  const standing = state && { state, tags: await tables.tags(state.arn) };
  const plan = planRestoration(table, standing, await backups.list(table.name), prices);
  if ('refusal' in plan) return plan;
  return { ...plan, cautions: await cautionsOf(plan, backups) };
}

async function cautionsOf(
  { table, backup: { arn } }: Restoration,
  backups: Ports['backups'],
): Promise<string[]> {
  try {
    const backup = await backups.describe(arn);
    return backup ? keyCautions(table, backup) : [];
  } catch (error) {
    return [`Could not read what key the backup has: ${messageOf(error)}`];
  }
}

export interface RestoreOptions {
  /** Once it is aborted nobody waits any longer; AWS goes on. */
  readonly stop?: AbortSignal;
  readonly backoff?: Backoff;
  /** Called while AWS is at it, with TableStatus. */
  readonly onWait?: (status: string) => void;
}

/** A restore takes minutes at least, hours where there is much. */
const LONGEST_PAUSE_MS = 15_000;

/**
 * Makes the table of its backup, waits until it is ACTIVE, and takes it over: protected, owned, and with the tag that
 * keeps purge from it. undefined where it was told to stop first.
 * @throws ServiceError
 */
export async function restore(
  restoration: Restoration,
  ports: Ports,
  { stop, backoff = defaultBackoff, onWait }: RestoreOptions = {},
): Promise<TableState | undefined> {
  const { clock } = ports;
  const { table, backup, started } = restoration;
  if (!started) await retrying(() => begin(table.name, backup.arn, ports), clock, backoff);
  for (let round = 1; ; round += 1) {
    const status = (await retrying(() => standing(table.name, ports), clock, backoff)).status;
    if (status !== 'CREATING') break;
    if (stop?.aborted) return undefined;
    onWait?.(status);
    const pauses = { ...backoff, longestDelayMs: LONGEST_PAUSE_MS };
    await clock.sleep(pauseBefore(Math.min(round, 8), pauses), stop);
  }
  if (protects(table.spec)) await retrying(() => protect(table.name, ports), clock, backoff);
  return retrying(() => takeOver(restoration, ports), clock, backoff);
}

async function begin(name: string, arn: string, { backups, tables }: Ports): Promise<void> {
  try {
    await backups.restore(arn, name);
  } catch (error) {
    if (!isFailure(error, 'in-use')) throw error;
    // An earlier try whose answer got lost.
    if ((await tables.describe(name))?.restoredFrom !== arn) throw error;
  }
}

async function standing(name: string, { tables }: Ports): Promise<TableState> {
  const state = await tables.describe(name);
  if (state) return state;
  throw new ServiceError('not-found', `${name} is gone: the restore has failed.`);
}

async function protect(name: string, ports: Ports): Promise<void> {
  const { deletionProtected } = await activeTable(name, ports);
  if (!deletionProtected) await ports.tables.protect(name, true);
}

/** All tags in one call: an expired table that were owned and not kept would be purge's. */
async function takeOver({ table, backup }: Restoration, { tables, clock }: Ports): Promise<TableState> {
  const { name, spec, period } = table;
  const state = await tables.describe(name);
  if (state?.restoredFrom !== backup.arn)
    throw new ServiceError('refused', `${name} is not the table that was restored.`);
  const isOurs = async (): Promise<boolean> => {
    const tags = await tables.tags(state.arn);
    return !disowned(spec, period, name, tags) && tags[KEEP_TAG] !== undefined;
  };
  if (await isOurs()) return state;
  const tags = {
    ...Object.fromEntries((spec.properties.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    ...tagsFor(spec, period),
    [MADE_AT_TAG]: iso(state.createdAt),
    [KEEP_TAG]: `restored ${iso(clock.now())}`,
  };
  await tagVisibly(state.arn, tags, tables, isOurs);
  return state;
}
