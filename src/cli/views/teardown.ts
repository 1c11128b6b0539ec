import { iso, isoOrNull, sayInstant } from '../../core/calendar/instant.ts';
import { HOUR_MS } from '../../core/calendar/period.ts';
import { costOf, monthOf } from '../../core/cost.ts';
import { membersOf } from '../../core/fleet.ts';
import { sayClosed } from '../../core/guards/closing.ts';
import type { Hold } from '../../core/plan.ts';
import type { Prices } from '../../core/prices.ts';
import type { Doomed, Duration } from '../../core/requests/teardown.ts';
import type { Config } from '../../core/spec.ts';
import type { Reopened, Teardown } from '../../jobs/teardown.ts';
import { type Column, fittingWidth, layout, type Row, wrap } from './layout.ts';
import { type KnownPlace, viewPlace } from './place.ts';
import { sayReplicas } from './status.ts';
import { grouped, plural, sayBytes, shellWord, style, visible } from './text.ts';

/** A plan, and what it is of. */
export interface ShownTeardown extends Teardown, KnownPlace {
  readonly environment: string;
  /** ISO 8601. */
  readonly at: string;
  readonly prices: Prices;
}

const monthlyOf = ({ state }: Doomed, prices: Prices): number => monthOf(costOf(state, undefined, prices));
const sum = (all: readonly Doomed[], of: (one: Doomed) => number): number =>
  all.reduce((total, one) => total + of(one), 0);

/** Formats what a teardown deletes, what stays, how long it takes, and how it is undone. */
export function viewTeardown(plan: ShownTeardown): string {
  const { doomed, added, closing, staying, unmanaged } = plan;
  const parts = [wrap(headingOf(plan), fittingWidth())];
  if (closing) parts.push(wrap(style.warn(sayEarlier(plan)), fittingWidth()));
  for (const group of new Set(doomed.map(({ table }) => table.spec.name))) parts.push(viewGroup(group, plan));
  if (staying.length > 0) parts.push(viewStaying(staying));
  if (unmanaged.length > 0)
    parts.push(
      wrap(
        `${plural(unmanaged.length, 'table')} that no spec matches: ${unmanaged.map(visible).join(', ')}. Turntable never changes such tables.`,
        fittingWidth(),
      ),
    );
  if (added.length > 0) parts.push(wrap(sayNext(plan), fittingWidth()));
  else if (!closing)
    parts.push(
      wrap(
        'No table is deleted. Once the environment is closed, rotate creates no tables in it.',
        fittingWidth(),
      ),
    );
  return parts.join('\n\n');
}

function headingOf({ environment, region, account, at, doomed, prices }: ShownTeardown): string {
  const size = sayBytes(sum(doomed, ({ state }) => state.sizeBytes));
  const month = grouped(sum(doomed, (one) => monthlyOf(one, prices)).toFixed(2));
  const place = viewPlace(environment, { region, account });
  return `${place}, as of ${sayInstant(Date.parse(at))}: the teardown deletes ${style.remove(plural(doomed.length, 'table'))}, ${size}, USD ${month} per month.`;
}

function sayEarlier({ closing, added, doomed, environment }: ShownTeardown): string {
  const first = visible(sayClosed(closing!));
  if (doomed.length === 0)
    return `${first} ${closing!.tables.size > 0 ? 'The tables of its plan are gone' : 'Its plan had no tables'}, and rotate creates none. To use the environment again: turntable teardown --undo --env ${environment}`;
  return added.length === 0
    ? `${first} Its plan had all of these tables, so there is nothing to confirm. To undo: turntable teardown --undo --env ${environment}`
    : `${first} Its plan did not have ${plural(added.length, 'table')}: ${added.map(({ state }) => visible(state.name)).join(', ')}.`;
}

const COLUMNS: readonly Column[] = [
  { title: 'PERIOD' },
  { title: 'PHASE' },
  { title: 'CREATED' },
  { title: 'ITEMS', align: 'right' },
  { title: 'SIZE', align: 'right' },
  { title: 'USD/MONTH', align: 'right' },
];

function viewGroup(group: string, { environment, doomed, holds, prices }: ShownTeardown): string {
  const own = doomed.filter(({ table }) => table.spec.name === group);
  const rows = own.map((one) =>
    rowOf(
      one,
      holds.filter(({ table }) => table === one.table.name),
      prices,
    ),
  );
  return `${style.heading(visible(`${environment}.${group}`))}: ${plural(own.length, 'table')}\n${layout(COLUMNS, rows, { indent: '  ' })}`;
}

function rowOf(one: Doomed, holds: readonly Hold[], prices: Prices): Row {
  const { table, state } = one;
  const period = table.name.slice(`${table.spec.environment}.${table.spec.name}.`.length);
  return {
    cells: [
      visible(period || '-'),
      table.phase,
      sayInstant(state.createdAt),
      grouped(state.itemCount),
      sayBytes(state.sizeBytes),
      grouped(monthlyOf(one, prices).toFixed(2)),
    ],
    notes: [
      ...sayReplicas({ replicas: state.replicas ?? [] }),
      ...holds.map(({ reason, message }) => `${style.hold('waits')}: ${visible(message)} [${reason}]`),
    ],
  };
}

function viewStaying(staying: Teardown['staying']): string {
  const lines = staying.map(({ name, message }) =>
    wrap(`${visible(name)}: ${visible(message)}`, fittingWidth(), '  '),
  );
  return `${plural(staying.length, 'table')} of these groups ${staying.length === 1 ? 'stays' : 'stay'}:\n${lines.join('\n')}`;
}

/** How many of the tables to confirm wait for something besides their waiting period. */
export function waitingIn({ added, holds }: Pick<ShownTeardown, 'added' | 'holds'>): number {
  const waiting = new Set(
    holds.filter(({ reason }) => reason !== 'waiting-period').map(({ table }) => table),
  );
  return added.filter(({ table }) => waiting.has(table.name)).length;
}

function sayNext(plan: ShownTeardown): string {
  const { duration, environment, added } = plan;
  const waiting = waitingIn(plan);
  const first =
    waiting > 0
      ? `${waiting} of ${plural(added.length, 'table')} ${waiting === 1 ? 'waits' : 'wait'} for the reasons above, so the teardown takes longer than this: `
      : '';
  return `${first}${sayDuration(duration)} Rotate creates no tables meanwhile. Only two guards do not apply: that the current table exists, and that the last table of a group stays. To keep a table, add the tag turntable:keep. The state table ${environment}.turntable stays.`;
}

function sayDuration({ rounds, days, waitingMs, finalBackup, archive, replicas }: Duration): string {
  const hours = plural(waitingMs / HOUR_MS, 'hour');
  const first =
    rounds === 1
      ? 'Purge schedules the deletions in its next run.'
      : `Purge schedules the deletions in ${rounds} waiting periods, because of Purge.MaxPerRun and Purge.MaxPerGroup.`;
  const steps = [finalBackup && 'its final backup', archive && 'its export to S3'].filter(Boolean);
  const backup = steps.length > 0 ? `, and after ${steps.join(' and ')}` : '';
  const copies = replicas
    ? ' Replicas are removed in the run before, 24 hours after they were added at the earliest.'
    : '';
  return `${first} It deletes a table in its first run after the waiting period of ${hours}${backup}.${copies} With one run per day, the last table is deleted ${plural(days, 'day')} after the next run.`;
}

/** Formats what an undo has done, and how tables that are gone come back. */
export function viewReopened(
  environment: string,
  { canceled, due, gone, closing }: Reopened,
  config: Config | undefined,
): string {
  const parts = [
    ...(closing
      ? [visible(sayClosed(closing))]
      : ['The record of the teardown was invalid, and is removed.']),
    `${environment} is open again. Rotate creates its missing tables in its next run.`,
    ...canceled.map((name) => `Deletion canceled: ${visible(name)}.`),
    ...due.map((name) => `Deletion still scheduled, because the retention has ended: ${visible(name)}.`),
  ];
  if (gone.length > 0) {
    const commands = gone.map((name) => `  ${restoreCommand(name, environment, config)}`);
    parts.push(
      `${plural(gone.length, 'table is', 'tables are')} gone. To restore from a backup, if there is one:`,
      ...commands,
    );
  }
  return parts.join('\n');
}

function restoreCommand(name: string, environment: string, config: Config | undefined): string {
  const [table] = config ? [...membersOf(config, new Set([name]), 0).values()].flat() : [];
  if (!table) return visible(name);
  const suffix = name.slice(`${environment}.${table.spec.name}.`.length);
  const period = suffix ? ` --period ${suffix}` : '';
  return `turntable restore ${shellWord(table.spec.name)}${period} --env ${environment}`;
}

/** The plan as JSON, with instants in ISO 8601. */
export function jsonOfTeardown(plan: ShownTeardown, confirmed: boolean) {
  const {
    environment,
    at,
    region,
    account = null,
    doomed,
    staying,
    unmanaged,
    holds,
    duration,
    closing,
  } = plan;
  return {
    environment,
    region,
    account,
    at,
    confirmed,
    closed: closing ? { since: iso(closing.since), by: closing.by ?? null } : null,
    days: duration.days,
    tables: doomed.map((one) => ({
      name: one.table.name,
      group: one.table.spec.name,
      period: isoOrNull(one.table.period.start),
      phase: one.table.phase,
      id: one.state.id,
      createdAt: iso(one.state.createdAt),
      itemCount: one.state.itemCount,
      sizeBytes: one.state.sizeBytes,
      replicas: (one.state.replicas ?? []).map(({ region, status }) => ({ region, status })),
      costMonth: monthlyOf(one, plan.prices),
      listed: closing?.tables.get(one.state.id)?.name === one.table.name,
      holds: holds
        .filter(({ table }) => table === one.table.name)
        .map(({ reason, message }) => ({ reason, message })),
    })),
    staying: staying.map(({ name, message }) => ({ name, message })),
    unmanaged,
  };
}
