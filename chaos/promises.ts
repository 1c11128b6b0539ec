/** What every change is held against before it is made. */
import { iso } from '../src/core/calendar/instant.ts';
import { DAY_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import type { Suspendable } from '../src/core/observed.ts';
import { currentName, expired, periodOf, specOf, throughputRange, wantedNames } from './rules.ts';
import type { Effect, Run, Throughput } from './run.ts';

/** A table that stands, and who made it. */
export interface Standing {
  readonly createdAt: number;
  /** Made by a person, and so none of ours. */
  readonly foreign: boolean;
  readonly tags: Readonly<Record<string, string>>;
  deleting: boolean;
  /** What it was last set to, by index; not known once something else has changed it. */
  readonly throughput: Map<string | undefined, Throughput>;
}

/** A first look, as it was recorded. */
export interface Look {
  readonly run: string;
  readonly createdAt: number;
  readonly scheduledAt: number;
}

/** The part of the books that promises are looked up in. */
export interface Books {
  readonly now: () => number;
  readonly standing: ReadonlyMap<string, Standing>;
  readonly looks: ReadonlyMap<string, readonly Look[]>;
  /** Which runs have backed a table up since it was condemned. */
  readonly backups: ReadonlyMap<string, ReadonlySet<string>>;
  /** Tables that each run has wanted to delete. */
  readonly deletions: Map<string, Set<string>>;
  readonly stopped: ReadonlySet<Suspendable>;
  check(holds: boolean, rule: string, message: () => string): void;
}

/** What clocks may differ by. */
const TOLERATED_MS = 5 * MINUTE_MS;

/** Whether a run's own clock is wrong, or it is for a time that has not come, or that is days past. */
export const untimely = ({ skewMs, eventTime, began }: Run): boolean =>
  Math.abs(skewMs) > TOLERATED_MS || eventTime - began > TOLERATED_MS || began - eventTime > DAY_MS;

/** Nothing is made, purged or lowered by a wrong clock. */
export function checkClock(ledger: Books, effect: Effect, run: Run): void {
  if (!untimely(run)) return;
  const { kind, table } = effect;
  const risky = ['create', 'schedule-deletion', 'back-up', 'unprotect', 'delete'].includes(kind);
  ledger.check(!risky, 'clock', () => `${run.id} wants to ${kind} ${table} by a wrong clock`);
}

export function checkCreation(
  ledger: Books,
  { table, tags }: Extract<Effect, { kind: 'create' }>,
  run: Run,
): void {
  const wanted = run.config.specs.flatMap((spec) => wantedNames(spec, run.eventTime));
  ledger.check(wanted.includes(table), 'creation', () => `${run.id} makes ${table}, which nobody asked for`);
  const spec = specOf(run.config, tags);
  ledger.check(
    spec !== undefined,
    'creation',
    () => `${run.id} makes ${table} without its tags of ownership`,
  );
}

export function checkDeletion(ledger: Books, table: string, run: Run): void {
  const standing = ledger.standing.get(table);
  if (!standing || standing.deleting) return;
  const now = ledger.now();
  const what = `${run.id} deletes ${table}`;
  ledger.check(run.job === 'purge', 'deletion', () => `${what}, which only purge may`);
  const spec = specOf(run.config, standing.tags);
  ledger.check(spec !== undefined, 'retention', () => `${what}, which is no spec's any more`);
  if (!spec) return;
  ledger.check(spec.settings.purge.enabled, 'disabled', () => `${what} while purging is switched off`);
  ledger.check(!ledger.stopped.has('purging'), 'suspension', () => `${what} while purging is stopped`);
  ledger.check(
    expired(spec, periodOf(standing.tags), now),
    'retention',
    () => `${what} inside its retention`,
  );
  const { waitingPeriodMs } = spec.settings.purge;
  const looked = (ledger.looks.get(table) ?? []).some(
    (look) =>
      look.run !== run.id &&
      look.createdAt === standing.createdAt &&
      run.eventTime - look.scheduledAt >= waitingPeriodMs,
  );
  ledger.check(
    looked,
    'second look',
    () => `${what} without a first look ${waitingPeriodMs / 3_600_000} h before`,
  );
  const saved = [...(ledger.backups.get(table) ?? [])].some((id) => id !== run.id);
  ledger.check(
    saved || !spec.settings.purge.finalBackup,
    'backup',
    () => `${what}, which no earlier run has backed up`,
  );
  const current = ledger.standing.get(currentName(spec, run.eventTime));
  ledger.check(
    current?.deleting === false,
    'last table',
    () => `${what} while the current table does not stand`,
  );
  const own = (ledger.deletions.get(run.id) ?? new Set()).add(table);
  ledger.deletions.set(run.id, own);
  const { maxPerRun } = run.config.settings.purge;
  ledger.check(own.size <= maxPerRun, 'cap', () => `${what}, the ${own.size}th table of this run`);
}

export function checkScheduledDeletion(
  ledger: Books,
  { table, createdAt }: Extract<Effect, { kind: 'schedule-deletion' }>,
  run: Run,
): void {
  const standing = ledger.standing.get(table);
  const spec = standing && specOf(run.config, standing.tags);
  const due = spec && expired(spec, periodOf(standing.tags), run.eventTime);
  ledger.check(due === true, 'scheduled-deletion', () => `${run.id} condemns ${table}, which is not expired`);
  const same = standing?.createdAt === createdAt;
  ledger.check(same, 'scheduled-deletion', () => `${run.id} condemns a ${table} made ${iso(createdAt)}`);
}

export function checkBounds(
  ledger: Books,
  { table, to }: Extract<Effect, { kind: 'resize' }>,
  run: Run,
): void {
  const standing = ledger.standing.get(table);
  const spec = standing && specOf(run.config, standing.tags);
  ledger.check(spec !== undefined, 'ownership', () => `${run.id} resizes ${table}, which is no spec's`);
  if (!spec || !standing) return;
  const active = currentName(spec, run.eventTime) === table;
  for (const { index, ...units } of to) {
    for (const dimension of ['read', 'write'] as const) {
      const { low, high } = throughputRange(spec, index, dimension, active);
      const value = units[dimension];
      const before = standing.throughput.get(index)?.[dimension];
      const kept = before === value;
      const lowered = before !== undefined && value < before;
      ledger.check(
        !(lowered && (ledger.stopped.has('lowering') || untimely(run))),
        'suspension',
        () => `${run.id} lowers ${table} while lowering is stopped, or by a wrong clock`,
      );
      const inside = kept || (value >= low && value <= high);
      ledger.check(
        inside,
        'bounds',
        () => `${run.id} sets ${dimension}s of ${table} to ${value}, not ${low} to ${high}`,
      );
    }
  }
}
