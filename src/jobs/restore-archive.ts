import type { Archive, BulkLoad } from '../core/archives.ts';
import { iso } from '../core/calendar/instant.ts';
import type { Period } from '../core/calendar/period.ts';
import type { TableState } from '../core/facts.ts';
import { isFailure, ServiceError } from '../core/failure.ts';
import { type Table, tableOf } from '../core/fleet.ts';
import { CREATED_AT_TAG, KEEP_TAG, tagsFor } from '../core/guards/ownership.ts';
import type { CreateTable } from '../core/plan.ts';
import {
  type ArchiveRestoration,
  loadableInput,
  loadingMark,
  loadOf,
  planArchiveRestoration,
} from '../core/requests/restore-archive.ts';
import type { Config, Spec } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { activeTable } from './active.ts';
import { archivesOfTable } from './archive-list.ts';
import type { RestoreOptions } from './restore.ts';
import { defaultBackoff, pauseBefore, retrying } from './retry.ts';
import { tagVisibly } from './tag.ts';

/** Finds what a table of a period can be restored from in S3. Changes nothing. @throws ServiceError */
export async function surveyArchiveRestoration(
  { prices }: Config,
  spec: Spec,
  period: Period,
  ports: Ports,
  now: number,
): Promise<ArchiveRestoration | { readonly refusal: string }> {
  const table = tableOf(spec, period, now);
  const state = await ports.tables.describe(table.name);
  const existing = state && { state, tags: await ports.tables.tags(state.arn) };
  const found = await archivesOfTable(table, ports);
  // It might be the newest one.
  const unread = found.find((one) => one.unread !== undefined);
  if (unread) return { refusal: `${table.name} cannot be restored yet. ${unread.unread}` };
  const complete = found.flatMap(({ archive }) => archive ?? []);
  return planArchiveRestoration(table, existing, complete, prices);
}

/** A table that was loaded, and how the load ended. */
export interface Loaded {
  readonly state: TableState;
  readonly load: BulkLoad;
}

/**
 * Creates the table with its tags and its protection, loads the items, and waits until that is done. undefined if it was stopped before.
 * @throws ServiceError, `refused` if DynamoDB could not load the items: the table stays, with the keep tag
 */
export async function restoreArchive(
  { table, archive, started }: ArchiveRestoration,
  ports: Ports,
  options: RestoreOptions = {},
): Promise<Loaded | undefined> {
  const { clock, tables } = ports;
  const { backoff = defaultBackoff } = options;
  const input = loadableInput(table, archive, clock.now());
  if (!started) await retrying(() => create(input, archive, ports), clock, backoff);
  const loaded = await loadInto(table.name, archive, ports, options);
  if (!loaded) return undefined;
  const { arn } = loaded.state;
  const value = `restored ${iso(clock.now())}`;
  const isShown = async () => (await tables.tags(arn))[KEEP_TAG] === value;
  // People may set tags only together with that of the environment.
  const tags = { ...tagsFor(table.spec, table.period), [KEEP_TAG]: value };
  await retrying(() => tagVisibly(arn, tags, tables, isShown), clock, backoff);
  return loaded;
}

/** Creates the table, unless an earlier try without an answer has. @throws ServiceError if another table has its name */
async function create(input: CreateTable, archive: Archive, { tables, clock }: Ports): Promise<void> {
  const Tags = [...((input.Tags ?? []) as object[]), { Key: CREATED_AT_TAG, Value: iso(clock.now()) }];
  try {
    await tables.create({ ...input, Tags });
  } catch (error) {
    if (!isFailure(error, 'in-use')) throw error;
    // DynamoDB might not show it yet. The next try asks again.
    const existing = await tables.describe(input.TableName);
    if (existing && (await isMarked(existing, archive, tables))) return;
    throw error;
  }
}

const isMarked = async ({ arn }: TableState, archive: Archive, tables: Ports['tables']): Promise<boolean> =>
  (await tables.tags(arn))[KEEP_TAG] === loadingMark(archive);

/** Another table can have taken the name since, for example the one that rotate creates. @throws ServiceError */
async function mustBeMarked(state: TableState, archive: Archive, { tables }: Ports): Promise<void> {
  if (await isMarked(state, archive, tables)) return;
  // AWS might not show the tags of a new table yet.
  throw new ServiceError(
    'in-use',
    `${state.name} does not have the tag ${KEEP_TAG} with the value "${loadingMark(archive)}", so nothing is loaded into it.`,
  );
}

/** A load that fails is tried again with another token by the next command. */
const MOST_TRIES = 20;
/** A load takes minutes, or hours for large exports. */
const LONGEST_PAUSE_MS = 15_000;

/**
 * Loads the items of an export into a table, and waits for the end. Continues a load that an earlier command has started.
 * undefined if it was stopped before.
 * @throws ServiceError, `refused` if DynamoDB could not load the items
 */
async function loadInto(
  name: Table['name'],
  archive: Archive,
  ports: Ports,
  { stop, backoff = defaultBackoff, onWait }: RestoreOptions = {},
): Promise<Loaded | undefined> {
  const { clock } = ports;
  const { loads } = ports;
  if (!loads) throw new Error('The ports have no client of loads.');
  const paused = (round: number) =>
    clock.sleep(pauseBefore(Math.min(round, 8), { ...backoff, longestDelayMs: LONGEST_PAUSE_MS }), stop);
  const state = await ready(name, ports, paused, { stop, onWait });
  if (!state) return undefined;
  await retrying(() => mustBeMarked(state, archive, ports), clock, backoff);
  let load = await begin(archive, state, ports, backoff);
  for (let round = 1; !hasEnded(load); round += 1) {
    if (stop?.aborted) return undefined;
    onWait?.(`${load.status}, ${load.processed} of ${archive.itemCount} items,`);
    await paused(round);
    const { arn } = load;
    load = (await retrying(() => loads.describe(arn), clock, backoff)) ?? load;
  }
  if (load.status === 'COMPLETED' || load.status === 'COMPLETED_WITH_ERRORS') return { state, load };
  const why = load.failure === undefined ? '' : `: ${load.failure}`;
  const message = `DynamoDB could not load the items of ${archive.exportArn} (${load.status}${why}). The table ${name} stays, with the tag ${KEEP_TAG}, and has some of the items. Correct the cause and run the command again, or delete the table by hand.`;
  throw new ServiceError('refused', message);
}

const hasEnded = ({ status }: BulkLoad): boolean => status !== 'IN_PROGRESS';

/** The description of the table once it is ACTIVE; undefined if it was stopped before. */
async function ready(
  name: string,
  ports: Ports,
  paused: (round: number) => Promise<void>,
  { stop, onWait }: Pick<RestoreOptions, 'stop' | 'onWait'>,
): Promise<TableState | undefined> {
  for (let round = 1; ; round += 1) {
    try {
      return await activeTable(name, ports);
    } catch (error) {
      // DynamoDB might not show the table yet.
      if (!isFailure(error, 'in-use') && !isFailure(error, 'not-found')) throw error;
      if (isFailure(error, 'not-found') && round > MOST_ABSENT) throw error;
    }
    if (stop?.aborted) return undefined;
    onWait?.('CREATING');
    await paused(round);
  }
}

/** How often a table that was created may be missing in DynamoDB's answers. */
const MOST_ABSENT = 8;

/** Starts the load, or finds the one that goes on. One that failed before this command is not returned again. */
async function begin(
  archive: Archive,
  state: TableState,
  { loads, clock }: Ports,
  backoff: NonNullable<RestoreOptions['backoff']>,
): Promise<BulkLoad> {
  for (let attempt = 1; ; attempt += 1) {
    const request = loadOf(archive, state, attempt);
    const load = await retrying(() => loads!.start(state.name, request), clock, backoff);
    if (load.status !== 'FAILED' || attempt === MOST_TRIES) return load;
  }
}
