/** The checks of every change before it is performed. */
import { iso } from '../src/core/calendar/instant.ts';
import { DAY_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import type { Suspendable } from '../src/core/observed.ts';
import type { Spec } from '../src/core/spec.ts';
import { creatableNames, currentName, expired, periodOf, specOf, throughputRange } from './rules.ts';
import type { Effect, Run, Throughput } from './run.ts';

/** An existing table, as the ledger knows it. */
export interface KnownTable {
  readonly createdAt: number;
  /** Created by hand, without Turntable tags. */
  readonly unmanaged: boolean;
  readonly tags: Readonly<Record<string, string>>;
  deleting: boolean;
  /** The last known throughput by index. Unknown after another kind of change. */
  readonly throughput: Map<string | undefined, Throughput>;
}

/** A scheduled deletion, as a run recorded it. */
export interface ScheduledBy {
  readonly run: string;
  readonly createdAt: number;
  readonly scheduledAt: number;
}

/** The records that the checks use. */
export interface Records {
  readonly now: () => number;
  readonly tables: ReadonlyMap<string, KnownTable>;
  readonly scheduled: ReadonlyMap<string, readonly ScheduledBy[]>;
  /** The runs that have backed a table up since its deletion was scheduled. */
  readonly backups: ReadonlyMap<string, ReadonlySet<string>>;
  /** The tables that each run has requested to delete. */
  readonly deletions: Map<string, Set<string>>;
  readonly suspended: ReadonlySet<Suspendable>;
  /** The retention in force, by group. */
  readonly retentions: ReadonlyMap<string, Pick<Spec, 'scheme' | 'keep'>>;
  check(holds: boolean, rule: string, message: () => string): void;
}

/** How far clocks can differ, in milliseconds. */
const TOLERATED_MS = 5 * MINUTE_MS;

/** Whether the clock of a run is wrong, or its event is in the future or more than a day old. */
export const hasWrongTime = ({ skewMs, eventTime, began }: Run): boolean =>
  Math.abs(skewMs) > TOLERATED_MS || eventTime - began > TOLERATED_MS || began - eventTime > DAY_MS;

/** A run with a wrong clock creates, purges and lowers nothing. */
export function checkClock(ledger: Records, effect: Effect, run: Run): void {
  if (!hasWrongTime(run)) return;
  const { kind, table } = effect;
  const risky = ['create', 'schedule-deletion', 'back-up', 'unprotect', 'delete'].includes(kind);
  ledger.check(!risky, 'clock', () => `${run.id} requests ${kind} of ${table} with a wrong clock`);
}

export function checkCreation(
  ledger: Records,
  { table, tags }: Extract<Effect, { kind: 'create' }>,
  run: Run,
): void {
  const creatable = run.config.specs.flatMap((spec) => creatableNames(spec, run.eventTime));
  ledger.check(
    creatable.includes(table),
    'creation',
    () => `${run.id} creates ${table}, which no spec requires`,
  );
  const spec = specOf(run.config, tags);
  ledger.check(spec !== undefined, 'creation', () => `${run.id} creates ${table} without its ownership tags`);
}

export function checkDeletion(ledger: Records, table: string, run: Run): void {
  const known = ledger.tables.get(table);
  if (!known || known.deleting) return;
  const now = ledger.now();
  const what = `${run.id} deletes ${table}`;
  ledger.check(run.job === 'purge', 'deletion', () => `${what}, and only purge may do that`);
  const spec = specOf(run.config, known.tags);
  ledger.check(spec !== undefined, 'retention', () => `${what}, which no longer has a spec`);
  if (!spec) return;
  ledger.check(spec.settings.purge.enabled, 'disabled', () => `${what} while purging is disabled`);
  ledger.check(!ledger.suspended.has('purging'), 'suspension', () => `${what} while purging is suspended`);
  ledger.check(
    expired(spec, periodOf(known.tags), now),
    'retention',
    () => `${what} before its retention has ended`,
  );
  const { waitingPeriodMs } = spec.settings.purge;
  const scheduled = (ledger.scheduled.get(table) ?? []).some(
    (earlier) =>
      earlier.run !== run.id &&
      earlier.createdAt === known.createdAt &&
      run.eventTime - earlier.scheduledAt >= waitingPeriodMs,
  );
  ledger.check(
    scheduled,
    'waiting period',
    () => `${what}, whose deletion was not scheduled ${waitingPeriodMs / 3_600_000} hours before`,
  );
  const backedUp = [...(ledger.backups.get(table) ?? [])].some((id) => id !== run.id);
  ledger.check(
    backedUp || !spec.settings.purge.finalBackup,
    'backup',
    () => `${what}, which no earlier run has backed up`,
  );
  const current = ledger.tables.get(currentName(spec, run.eventTime));
  ledger.check(
    current?.deleting === false,
    'last table',
    () => `${what} while the current table does not exist`,
  );
  const own = (ledger.deletions.get(run.id) ?? new Set()).add(table);
  ledger.deletions.set(run.id, own);
  const { maxPerRun = Infinity } = run.config.settings.purge;
  ledger.check(
    own.size <= maxPerRun,
    'cap',
    () => `${what}, which is table ${own.size} of this run and more than MaxPerRun`,
  );
}

export function checkScheduledDeletion(
  ledger: Records,
  { table, createdAt }: Extract<Effect, { kind: 'schedule-deletion' }>,
  run: Run,
): void {
  const known = ledger.tables.get(table);
  const spec = known && specOf(run.config, known.tags);
  const due = spec && expired(spec, periodOf(known.tags), run.eventTime);
  ledger.check(
    due === true,
    'scheduled-deletion',
    () => `${run.id} schedules the deletion of ${table}, which is not expired`,
  );
  const applied = spec && ledger.retentions.get(spec.name);
  const shorter = applied?.scheme === spec?.scheme && applied && spec && applied.keep > spec.keep;
  ledger.check(
    !shorter || expired({ ...spec, keep: applied.keep }, periodOf(known.tags), run.eventTime),
    'shorter retention',
    () => `${run.id} schedules the deletion of ${table}, which is due only by an unconfirmed retention`,
  );
  const same = known?.createdAt === createdAt;
  ledger.check(
    same,
    'scheduled-deletion',
    () =>
      `${run.id} schedules the deletion of a ${table} created at ${iso(createdAt)}, which is another table`,
  );
}

export function checkBounds(
  ledger: Records,
  { table, to }: Extract<Effect, { kind: 'resize' }>,
  run: Run,
): void {
  const known = ledger.tables.get(table);
  const spec = known && specOf(run.config, known.tags);
  ledger.check(spec !== undefined, 'ownership', () => `${run.id} resizes ${table}, which has no spec`);
  if (!spec || !known) return;
  const active = currentName(spec, run.eventTime) === table;
  for (const { index, ...units } of to) {
    for (const dimension of ['read', 'write'] as const) {
      const { low, high } = throughputRange(spec, index, dimension, active);
      const value = units[dimension];
      const before = known.throughput.get(index)?.[dimension];
      const unchanged = before === value;
      const lowered = before !== undefined && value < before;
      ledger.check(
        !(lowered && (ledger.suspended.has('lowering') || hasWrongTime(run))),
        'suspension',
        () => `${run.id} lowers ${table} while lowering is suspended, or with a wrong clock`,
      );
      const inside = unchanged || (value >= low && value <= high);
      ledger.check(
        inside,
        'bounds',
        () => `${run.id} sets ${dimension}s of ${table} to ${value}, not ${low} to ${high}`,
      );
    }
  }
}
