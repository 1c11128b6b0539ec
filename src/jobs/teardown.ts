import pMap from 'p-map';
import type { Closing, TableState } from '../core/facts.ts';
import { isFailure, messageOf } from '../core/failure.ts';
import { membersOf } from '../core/fleet.ts';
import { clockFault, faultFrom } from '../core/guards/clock-check.ts';
import { inForce } from '../core/guards/closing.ts';
import type { Observed } from '../core/observed.ts';
import type { Hold } from '../core/plan.ts';
import {
  closingWith,
  type Doomed,
  type Duration,
  durationOf,
  planTeardown,
  type Staying,
} from '../core/requests/teardown.ts';
import type { Config } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { sayHeld, withLease } from './lease.ts';
import { nothingStored, observe } from './observe.ts';
import { makePlan } from './plan.ts';
import { LONGEST_RUN_MS } from './run-times.ts';
import { CONCURRENT_READS } from './table-reads.ts';

/** What a teardown would do. */
export interface Teardown {
  readonly doomed: readonly Doomed[];
  readonly staying: readonly Staying[];
  /** Names with the prefix of the environment that no spec matches. */
  readonly unmanaged: readonly string[];
  /** Why purge would not delete a table yet. */
  readonly holds: readonly Hold[];
  readonly duration: Duration;
  /** The mark in force, if the environment is closed already. */
  readonly closing: Closing | undefined;
  /** The tables that its plan did not have. */
  readonly added: readonly Doomed[];
  /** All table names of the account and region. */
  readonly names: ReadonlySet<string>;
  /** Why the environment cannot be closed: it has no state table. */
  readonly unusable?: Error;
}

/**
 * Finds what a teardown would do at `now`, epoch milliseconds, with the planner of purge. Changes nothing.
 * @throws ServiceError if the tables or the state table cannot be read
 */
export async function surveyTeardown(config: Config, ports: Ports, now: number): Promise<Teardown> {
  const { environment, settings } = config;
  let unusable: Error | undefined;
  const stored = await ports.state.closing().catch((error: unknown) => {
    if (!isFailure(error, 'not-found')) throw error;
    unusable = error;
    return undefined;
  });
  const closing = inForce(stored, { environment, settings }, now);
  const planner = (observed: Observed) => planTeardown(config, observed, now);
  const { draft, observed } = await observe(ports, nothingStored, planner, now);
  const { doomed, staying } = draft;
  const mark = closingWith(environment, doomed, closing, undefined, now);
  const asIfClosed: Ports = { ...ports, state: { ...ports.state, closing: async () => mark } };
  const { plan } = await makePlan(['purge'], config, asIfClosed, now);
  const names = new Set(doomed.map(({ table }) => table.name));
  const members = new Set(
    [...membersOf(config, observed.names, now).values()].flat().map(({ name }) => name),
  );
  const own = [...observed.names].filter((name) => name.startsWith(`${environment}.`));
  return {
    doomed,
    staying,
    unmanaged: own.filter((name) => !members.has(name) && name !== `${environment}.turntable`),
    holds: plan.holds.filter(({ table }) => names.has(table)),
    duration: durationOf(config, doomed),
    closing,
    added: doomed.filter(({ state }) => closing?.tables.get(state.id)?.name !== state.name),
    names: observed.names,
    ...(unusable && { unusable }),
  };
}

export type Closed = { readonly closing: Closing } | { readonly refusal: string };

/**
 * Closes the environment for exactly the tables that a person was shown. No run of rotate is in progress meanwhile, because it
 * would create tables by what it read before. A table that was created since the plan refuses all.
 * @throws ServiceError
 */
export async function closeEnvironment(
  config: Config,
  { doomed, staying }: Teardown,
  ports: Ports,
  { owner, by }: { readonly owner: string; readonly by: string | undefined },
): Promise<Closed> {
  const { clock, state } = ports;
  const work = async (): Promise<Closed> => {
    const shown = new Set([...doomed.map((one) => one.state.id), ...staying.map(({ id }) => id)]);
    const present = await presentTables(config, ports, clock.now());
    const unseen = present.filter(({ id }) => !shown.has(id)).map(({ name }) => name);
    if (unseen.length > 0) return { refusal: `Tables changed after the plan: ${unseen.join(', ')}.` };
    const machine = clock.now();
    const fault = faultFrom(clock.aheadMs?.() ?? [], (aheadMs) =>
      clockFault({ machine, service: machine - aheadMs }),
    );
    if (fault) return { refusal: fault.message };
    const { environment, settings } = config;
    const earlier = inForce(await state.closing(), { environment, settings }, machine);
    const closing = closingWith(environment, doomed, earlier, by, machine);
    await state.close(closing);
    return { closing };
  };
  const answer = await withLease(ports, { job: 'rotate', owner }, clock.now() + LONGEST_RUN_MS, work);
  return answer.granted ? answer.value : { refusal: sayHeld('rotate', answer) };
}

/** The tables of the environment that exist and are not DELETING. */
async function presentTables(config: Config, { tables }: Ports, now: number): Promise<TableState[]> {
  const names = new Set(await tables.list());
  const members = [...membersOf(config, names, now).values()].flat();
  const states = await pMap(members, ({ name }) => tables.describe(name), { concurrency: CONCURRENT_READS });
  return states.filter((state) => state !== undefined && state.status !== 'DELETING') as TableState[];
}

/** What an undo has done. */
export interface Reopened {
  /** The mark that was removed; undefined if it was invalid. */
  readonly closing: Closing | undefined;
  readonly canceled: readonly string[];
  /** Scheduled deletions that stay, because the retention of the table had ended. */
  readonly due: readonly string[];
  /** Tables of the plan that no longer exist. */
  readonly gone: readonly string[];
  /** Why the scheduled deletions could not be canceled or listed. They count for nothing, and rotate cancels them. */
  readonly failed?: string;
}

/**
 * Opens a closed environment again, and cancels the deletions that were scheduled because it was closed. The mark goes first, and
 * waits for no lease: a run of purge that is in progress looks at it before each deletion, and what it schedules counts for nothing
 * afterwards. undefined if the environment is not closed.
 * @throws ServiceError
 */
export async function reopenEnvironment({ state, tables }: Ports): Promise<Reopened | undefined> {
  let closing: Closing | undefined;
  try {
    closing = await state.closing();
    if (!closing) return undefined;
  } catch (error) {
    // An invalid mark does not count. It is removed all the same.
    if (!isFailure(error, 'refused')) throw error;
  }
  await state.reopen();
  // The environment is open from here on, whatever fails.
  try {
    return await afterReopening(closing, state, tables);
  } catch (error) {
    return { closing, canceled: [], due: [], gone: [], failed: messageOf(error) };
  }
}

async function afterReopening(
  closing: Closing | undefined,
  state: Ports['state'],
  tables: Ports['tables'],
): Promise<Reopened> {
  const listed = new Set([...(closing?.tables.values() ?? [])].map(({ name }) => name));
  const scheduled = await state.scheduledDeletions('to-cancel');
  const canceled = scheduled.filter(({ closedAt }) => closedAt !== undefined).map(({ table }) => table);
  for (const table of canceled) await state.cancelDeletion(table);
  const due = scheduled.filter(({ table, closedAt }) => closedAt === undefined && listed.has(table));
  const names = new Set(await tables.list());
  return {
    closing,
    canceled: canceled.filter((name) => names.has(name)).sort(),
    due: due.map(({ table }) => table).sort(),
    gone: [...listed].filter((name) => !names.has(name)).sort(),
  };
}
