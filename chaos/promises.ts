/** The checks of every change before it is performed. */
import { iso } from '../src/core/calendar/instant.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import type { Suspendable } from '../src/core/facts.ts';
import { ownershipTags } from '../src/core/guards/ownership.ts';
import type { Job } from '../src/core/plan.ts';
import type { Config, Spec } from '../src/core/spec.ts';
import type { ClosedEnvironment } from './closed-environment.ts';
import type { NewerKind } from './newer.ts';
import {
  creatableNames,
  currentName,
  expired,
  isOfOtherScheme,
  periodAround,
  periodOf,
  specOf,
  throughputRange,
} from './rules.ts';
import type { Effect, Run, Throughput } from './run.ts';

export type Remade = 'copy' | 'adopted';

/** An existing table, as the ledger knows it. */
export interface KnownTable {
  readonly createdAt: number;
  /** Created by hand, without Turntable tags. */
  readonly unmanaged: boolean;
  readonly tags: Readonly<Record<string, string>>;
  deleting: boolean;
  /** Deleted and created again by hand, with the same tags. A `copy` has the creation time of the first one in them. */
  readonly remade?: Remade;
  /** The index that an operator added. It is never lowered. */
  built?: string;
  /** A record says that its ownership tags were seen. Rotate and scale act on it within a day, and purge never does. */
  readonly forged?: boolean;
  /** An operator gave it the tag `turntable:keep`. */
  kept?: boolean;
  /** It has a status in which DynamoDB deletes no table. */
  unusable?: boolean;
  /** The minutes in which applications used it, in epoch milliseconds. */
  readonly usedAt?: number[];
  /** The throughput that it was created with. */
  readonly created: readonly Throughput[];
  /** The last known throughput by index. Unknown after another kind of change. */
  readonly throughput: Map<string | undefined, Throughput>;
}

/** A scheduled deletion, as a run recorded it. */
export interface ScheduledBy {
  readonly run: string;
  readonly createdAt: number;
  readonly scheduledAt: number;
}

/** The retentions in force: retention-promises.ts. */
interface InForce {
  toldBefore(spec: Spec, instant: number): boolean;
  checkDeletion(ledger: Records, what: string, spec: Spec, known: KnownTable, run: Run): void;
}

/** The records that the checks use. */
export interface Records {
  readonly now: () => number;
  readonly tables: ReadonlyMap<string, KnownTable>;
  readonly scheduled: ReadonlyMap<string, readonly ScheduledBy[]>;
  /** The runs that have backed a table up since its deletion was scheduled. */
  readonly backups: ReadonlyMap<string, ReadonlySet<string>>;
  /** The runs that have exported a table since its deletion was scheduled. */
  readonly archives: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether S3 has a completed export of the table that has this name now. Only the simulator can tell. */
  readonly archived: ((table: string) => boolean) | undefined;
  /** The tables that each run has requested to delete. */
  readonly deletions: Map<string, Set<string>>;
  readonly suspended: ReadonlySet<Suspendable>;
  /** The retention in force, by group. */
  readonly retentions: ReadonlyMap<string, Pick<Spec, 'scheme' | 'keep'>>;
  readonly inForce: InForce;
  readonly closed: ClosedEnvironment;
  /** The kind of record that a newer version has written. */
  readonly newer: NewerKind | undefined;
  /** Whether a table or an index gets less than it is known to have. */
  lowers(effect: Extract<Effect, { kind: 'resize' }>): boolean;
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
  const risky = ['create', 'schedule-deletion', 'back-up', 'archive', 'unprotect', 'delete'].includes(kind);
  ledger.check(!risky, 'clock', () => `${run.id} requests ${kind} of ${table} with a wrong clock`);
}

/**
 * No table of a group is created, changed or deleted while the group has tables of a scheme that the spec does not name. A run
 * that could not read everything does not know that. Scale raises throttled tables all the same. A table that was created in
 * advance, for a change that an operator took back, is held by itself in the place of a current or upcoming one, and before another
 * table of the group.
 */
export function checkScheme(ledger: Records, effect: Effect, run: Run): void {
  if (run.faults.injected > 0 || effect.kind === 'cancel-deletion') return;
  const tags = effect.kind === 'create' ? effect.tags : ledger.tables.get(effect.table)?.tags;
  const group = tags?.[ownershipTags.spec];
  const spec = run.config.specs.find(({ name }) => name === group);
  if (!spec) return;
  if (effect.kind === 'resize' && run.job === 'scale' && !ledger.lowers(effect)) return;
  const foreign = [...ledger.tables].find(
    ([, { unmanaged, deleting, tags: own }]) =>
      !unmanaged &&
      !deleting &&
      own[ownershipTags.spec] === group &&
      isOfOtherScheme(run.config, own) &&
      !isInPlace(ledger, spec, periodOf(own), run.eventTime),
  );
  ledger.check(
    foreign === undefined,
    'scheme change',
    () => `${run.id} requests ${effect.kind} of ${effect.table}, although ${foreign?.[0]} has another scheme`,
  );
}

/** Whether a period begins when one of the group does, which is current or upcoming, or followed by a table. */
function isInPlace({ tables }: Records, spec: Spec, start: number, instant: number): boolean {
  const own = periodAround(spec, start);
  if (own.start !== start) return false;
  if (start >= periodAround(spec, instant).start) return true;
  return [...tables.values()].some(
    ({ tags }) => specOf({ specs: [spec] }, tags) && periodOf(tags) === own.end,
  );
}

/** The jobs that need each kind of record. */
const users: Readonly<Record<NewerKind, readonly Job[]>> = {
  suspension: ['rotate', 'purge', 'scale'],
  'scheduled-deletion': ['rotate', 'purge'],
  retention: ['purge'],
  memory: ['rotate', 'scale'],
};

/** A run that meets the records of a newer version only creates and raises. */
export function checkNewer(ledger: Records, effect: Effect, run: Run): void {
  const { newer } = ledger;
  if (newer === undefined || !users[newer].includes(run.job) || run.faults.injected > 0) return;
  const harmless = effect.kind === 'create' || (effect.kind === 'resize' && !ledger.lowers(effect));
  ledger.check(
    harmless,
    'newer state',
    () => `${run.id} requests ${effect.kind} of ${effect.table}, although the ${newer} is of a newer version`,
  );
}

/** No unmanaged table is changed. A forged record of ownership can only mislead rotate and scale, and only for a day. */
export function checkManaged(ledger: Records, effect: Effect, run: Run): void {
  if (effect.kind === 'create' || effect.kind === 'cancel-deletion') return;
  const known = ledger.tables.get(effect.table);
  ledger.check(
    known?.unmanaged !== true || (known.forged === true && run.job !== 'purge'),
    'unmanaged',
    () => `${run.id} requests ${effect.kind} of ${effect.table}, which is unmanaged`,
  );
}

export function checkCreation(ledger: Records, effect: Extract<Effect, { kind: 'create' }>, run: Run): void {
  const { table, tags } = effect;
  ledger.check(
    !ledger.closed.isClosed || run.faults.injected > 0,
    'closed',
    () => `${run.id} creates ${table}, although the environment is closed`,
  );
  const creatable = run.config.specs.flatMap((spec) => creatableNames(spec, run.eventTime));
  ledger.check(
    creatable.includes(table),
    'creation',
    () => `${run.id} creates ${table}, which no spec requires`,
  );
  const spec = specOf(run.config, tags);
  ledger.check(spec !== undefined, 'creation', () => `${run.id} creates ${table} without its ownership tags`);
  ledger.check(effect.protected, 'creation', () => `${run.id} creates ${table} without deletion protection`);
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
  const listedAt = listedBeforeEnd(ledger, table, spec, known, run);
  ledger.check(
    listedAt !== undefined || expired(spec, periodOf(known.tags), now),
    'retention',
    () => `${what} before its retention has ended`,
  );
  const { waitingPeriodMs } = spec.settings.purge;
  const scheduled = (ledger.scheduled.get(table) ?? []).some(
    (earlier) =>
      earlier.run !== run.id &&
      earlier.createdAt === known.createdAt &&
      earlier.scheduledAt >= (listedAt ?? -Infinity) &&
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
  const exported = [...(ledger.archives.get(table) ?? [])].some((id) => id !== run.id);
  ledger.check(
    (exported && ledger.archived?.(table) !== false) || !spec.settings.purge.archive,
    'archive',
    () => `${what}, of which S3 has no completed export by an earlier run`,
  );
  const current = ledger.tables.get(currentName(spec, run.eventTime));
  ledger.check(
    ledger.closed.listedAt(table, known) !== undefined || current?.deleting === false,
    'last table',
    () => `${what} while the current table does not exist`,
  );
  ledger.check(known.remade !== 'copy', 'restored', () => `${what}, which looks like a restored copy`);
  ledger.check(!known.kept, 'keep tag', () => `${what}, which has the tag turntable:keep`);
  ledger.check(!known.unusable, 'unusable', () => `${what}, which DynamoDB cannot use`);
  if (listedAt === undefined) ledger.inForce.checkDeletion(ledger, what, spec, known, run);
  checkUse(ledger, what, spec, known, run);
  checkCaps(ledger, what, table, spec, run);
}

/** Since when a table is due only because an operator tore the environment down; undefined if its retention has ended. */
const listedBeforeEnd = (
  ledger: Records,
  table: string,
  spec: Spec,
  known: KnownTable,
  run: Run,
): number | undefined =>
  expired(spec, periodOf(known.tags), run.eventTime) ? undefined : ledger.closed.listedAt(table, known);

/** Faults that hide traffic. A run can notice missing data only if all data are missing. */
const hiding = ['metrics zeros', 'metrics gaps', 'metrics missing'];
/** CloudWatch shows a minute two minutes after it ended. */
const SHOWN_AFTER_MS = 4 * MINUTE_MS;

/** A table that was used since it became due, within TrafficHours, is in use. */
function checkUse(ledger: Records, what: string, spec: Spec, known: KnownTable, run: Run): void {
  const { trafficMs } = spec.settings.purge;
  if (!run.faults.silent && hiding.some((kind) => run.faults.kinds.has(kind))) return;
  const used = (known.usedAt ?? []).find(
    (at) =>
      at > run.eventTime - trafficMs + MINUTE_MS &&
      at < run.eventTime - SHOWN_AFTER_MS &&
      expired(spec, periodOf(known.tags), at - MINUTE_MS),
  );
  ledger.check(used === undefined, 'in use', () => `${what}, which was used at ${iso(used!)}`);
}

function checkCaps(ledger: Records, what: string, table: string, spec: Spec, run: Run): void {
  const own = (ledger.deletions.get(run.id) ?? new Set()).add(table);
  ledger.deletions.set(run.id, own);
  const { maxPerRun = Infinity } = run.config.settings.purge;
  ledger.check(
    own.size <= maxPerRun,
    'cap',
    () => `${what}, which is table ${own.size} of this run and more than MaxPerRun`,
  );
  const { maxPerGroup = Infinity } = spec.settings.purge;
  const ofGroup = [...own].filter((name) => groupOf(ledger, run.config, name) === spec).length;
  ledger.check(
    ofGroup <= maxPerGroup,
    'group cap',
    () => `${what}, which is table ${ofGroup} of its group in this run and more than MaxPerGroup`,
  );
}

const groupOf = ({ tables }: Records, config: Config, name: string): Spec | undefined =>
  specOf(config, tables.get(name)?.tags ?? {});

/** Purge schedules for the time of its event, which is at most two hours old. */
const OLDEST_MS = 3 * HOUR_MS;

export function checkScheduledDeletion(
  ledger: Records,
  { table, createdAt, scheduledAt }: Extract<Effect, { kind: 'schedule-deletion' }>,
  run: Run,
): void {
  const known = ledger.tables.get(table);
  const spec = known && specOf(run.config, known.tags);
  const listed = spec && listedBeforeEnd(ledger, table, spec, known, run) !== undefined;
  const due = listed || (spec && expired(spec, periodOf(known.tags), run.eventTime));
  ledger.check(
    due === true,
    'scheduled-deletion',
    () => `${run.id} schedules the deletion of ${table}, which is not expired`,
  );
  const applied = spec && ledger.retentions.get(spec.name);
  const shorter = applied?.scheme === spec?.scheme && applied && spec && applied.keep > spec.keep;
  ledger.check(
    !shorter ||
      listed ||
      ledger.inForce.toldBefore(spec, run.eventTime) ||
      expired({ ...spec, keep: applied.keep }, periodOf(known.tags), run.eventTime),
    'shorter retention',
    () => `${run.id} schedules the deletion of ${table}, which is due only by an unconfirmed retention`,
  );
  const what = `${run.id} schedules the deletion of ${table}`;
  if (known && spec && !listed) ledger.inForce.checkDeletion(ledger, what, spec, known, run);
  ledger.check(
    ledger.now() - scheduledAt <= OLDEST_MS,
    'waiting period',
    () => `${what} as if it had been scheduled at ${iso(scheduledAt)}`,
  );
  const same = known?.createdAt === createdAt;
  ledger.check(
    same,
    'scheduled-deletion',
    () =>
      `${run.id} schedules the deletion of a ${table} created at ${iso(createdAt)}, which is another table`,
  );
}

export function checkBounds(ledger: Records, effect: Extract<Effect, { kind: 'resize' }>, run: Run): void {
  const { table, to } = effect;
  const known = ledger.tables.get(table);
  if (known?.forged) return;
  const spec = known && specOf(run.config, known.tags);
  // A refused group is left alone, but for raises of what is throttled.
  if (known && isOfOtherScheme(run.config, known.tags))
    return ledger.check(
      !ledger.lowers(effect),
      'refusal',
      () => `${run.id} lowers ${table}, whose group is refused`,
    );
  ledger.check(spec !== undefined, 'ownership', () => `${run.id} resizes ${table}, which has no spec`);
  if (!spec || !known) return;
  const active = currentName(spec, run.eventTime) === table;
  for (const { index, ...units } of to) {
    for (const dimension of ['read', 'write'] as const) {
      const value = units[dimension];
      const before = known.throughput.get(index)?.[dimension];
      const { low, high } =
        known.built === index && index !== undefined
          ? { low: before ?? 0, high: Infinity }
          : throughputRange(spec, index, dimension, active);
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
