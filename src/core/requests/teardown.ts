/** The plan of a teardown: which tables of an environment purge deletes once it is closed, and which ones stay. */
import { ask } from '../ask.ts';
import { DAY_MS } from '../calendar/period.ts';
import type { Closing, ListedTable, Need, TableState } from '../facts.ts';
import { membersOf, type Table } from '../fleet.ts';
import { disowned, restored } from '../guards/ownership.ts';
import type { Observed } from '../observed.ts';
import { maxPerGroup, maxPerRun } from '../purging/expiring.ts';
import type { Config } from '../spec.ts';

/** A table that a person is shown, and that purge may delete once they have confirmed. */
export interface Doomed {
  readonly table: Table;
  readonly state: TableState;
}

/** A table that no teardown deletes, and why. */
export interface Staying {
  readonly name: string;
  /** TableId; undefined if the table could not be described. */
  readonly id?: string;
  readonly message: string;
}

export interface TeardownDraft {
  readonly doomed: readonly Doomed[];
  readonly staying: readonly Staying[];
  readonly needs: readonly Need[];
}

/** Sorts the existing tables of an environment at `now`, epoch milliseconds. While there are needs, some are missing. */
export function planTeardown(config: Config, observed: Observed, now: number): TeardownDraft {
  const doomed: Doomed[] = [];
  const staying: Staying[] = [];
  const needs: Need[] = [];
  for (const table of [...membersOf(config, observed.names, now).values()].flat()) {
    const described = ask(observed, table, 'description');
    const state = 'value' in described ? described.value : undefined;
    if ('value' in described && (!state || state.status === 'DELETING')) continue;
    const tags = 'pending' in described ? described : ask(observed, table, 'tags');
    if ('pending' in tags) {
      needs.push(...tags.pending.needs);
      const [hold] = tags.pending.holds;
      if (hold) staying.push({ name: table.name, ...(state && { id: state.id }), message: hold.message });
      continue;
    }
    if (!state) continue;
    const message = whyStays(table, state, tags.value);
    if (message === undefined) doomed.push({ table, state });
    else staying.push({ name: table.name, id: state.id, message });
  }
  return { doomed, staying, needs };
}

/** Why a person cannot confirm the deletion of a table: it is not managed, or looks like a restored copy. */
function whyStays(
  { spec, period, name }: Table,
  state: TableState,
  tags: Readonly<Record<string, string>>,
): string | undefined {
  const copy = restored(period, state.createdAt, tags);
  return (
    disowned(spec, period, name, tags)?.message ??
    (copy === undefined ? undefined : `The table looks like a restored copy: ${copy}.`)
  );
}

/** The mark after a person has confirmed a plan at `now`. Tables that an earlier plan had stay listed. */
export function closingWith(
  environment: string,
  doomed: readonly Doomed[],
  earlier: Closing | undefined,
  by: string | undefined,
  now: number,
): Closing {
  const tables = new Map<string, ListedTable>(earlier?.tables);
  for (const { state } of doomed)
    if (tables.get(state.id)?.name !== state.name) tables.set(state.id, { name: state.name, listedAt: now });
  const first = earlier && earlier.since <= now ? earlier : { since: now, ...(by !== undefined && { by }) };
  return { environment, since: first.since, ...(first.by !== undefined && { by: first.by }), tables };
}

/** How long a teardown takes if purge runs once a day, and nothing else holds a table. */
export interface Duration {
  /** Runs of purge that schedule deletions. */
  readonly rounds: number;
  /** Days from the next run of purge to the deletion of the last table. */
  readonly days: number;
  readonly waitingMs: number;
  readonly finalBackup: boolean;
  /** Whether tables are exported to S3 before. */
  readonly archive: boolean;
  /** Whether tables have replicas, which a run before the deletion removes. */
  readonly replicas: boolean;
}

export function durationOf(config: Config, doomed: readonly Doomed[]): Duration {
  const specs = [...new Set(doomed.map(({ table }) => table.spec))];
  const ofGroup = specs.map((spec) => {
    const own = doomed.filter(({ table }) => table.spec === spec);
    return Math.ceil(own.length / maxPerGroup(spec));
  });
  const rounds = Math.max(1, Math.ceil(doomed.length / maxPerRun(config)), ...ofGroup);
  const waitingMs = Math.max(0, ...specs.map(({ settings }) => settings.purge.waitingPeriodMs));
  const finalBackup = specs.some(({ settings }) => settings.purge.finalBackup);
  const archive = specs.some(({ settings }) => settings.purge.archive);
  const replicas = doomed.some(({ state }) => state.replicas?.length);
  // One run requests the backup and the export, and another one removes the replicas.
  const runs = Number(finalBackup || archive) + Number(replicas);
  const days = rounds * Math.max(1, Math.ceil(waitingMs / DAY_MS)) + runs;
  return { rounds, days, waitingMs, finalBackup, archive, replicas };
}
