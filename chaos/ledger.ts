import { iso } from '../src/core/calendar/instant.ts';
import { MINUTE_MS } from '../src/core/calendar/period.ts';
import type { Suspendable } from '../src/core/facts.ts';
import { requiredTables } from '../src/core/fleet.ts';
import { ownershipTags } from '../src/core/guards/ownership.ts';
import type { Hold } from '../src/core/plan.ts';
import type { Config, Spec } from '../src/core/spec.ts';
import { leftUndone, NO_TIME } from '../src/jobs/apply.ts';
import type { Summary } from '../src/jobs/run.ts';
import { ClosedEnvironment } from './closed-environment.ts';
import { CreationOrder } from './creation-order.ts';
import { DeletionNotices } from './deletion-notices.ts';
import type { NewerKind } from './newer.ts';
import {
  checkBounds,
  checkClock,
  checkCreation,
  checkDeletion,
  checkManaged,
  checkNewer,
  checkScheduledDeletion,
  checkScheme,
  hasWrongTime,
  type KnownTable,
  type Remade,
  type ScheduledBy,
} from './promises.ts';
import { RecordedDeletions } from './recorded-deletions.ts';
import { RetentionPromises } from './retention-promises.ts';
import { expired, periodOf, specOf } from './rules.ts';
import type { Effect, Observer, Run, Throughput } from './run.ts';
import { gotNoLease } from './run-text.ts';
import { Shortages } from './shortages.ts';

/** The real state, read from outside. */
export interface ActualState {
  /** Names of the tables that exist, except those that are DELETING. */
  readonly tables: ReadonlySet<string>;
  readonly scheduledDeletions: readonly { table: string; createdAt: number; scheduledAt: number }[];
  /** The ClientToken of every export. Only the simulator can tell. */
  readonly exportTokens?: readonly string[];
}

export interface Violation {
  readonly rule: string;
  readonly message: string;
}

const byIndex = (throughput: readonly Throughput[]): KnownTable['throughput'] =>
  new Map(throughput.map((each) => [each.index, each]));

/**
 * Records every change that it observes, and checks it against the promises that docs/safety.md lists. It does not see
 * plans, and calculates retention by its own simple rules.
 */
export class Ledger implements Observer {
  checks = 0;
  readonly violations: Violation[] = [];
  readonly counts = { created: 0, deleted: 0, scheduled: 0, resized: 0 };
  readonly now: () => number;
  readonly tables = new Map<string, KnownTable>();
  readonly scheduled = new Map<string, ScheduledBy[]>();
  /** The runs that have backed a table up since its deletion was scheduled. */
  readonly backups = new Map<string, Set<string>>();
  /** The runs that have exported a table since its deletion was scheduled. */
  readonly archives = new Map<string, Set<string>>();
  archived: ((table: string) => boolean) | undefined;
  /** The longest retention of each group that a run of purge has applied since an operator confirmed one. */
  readonly retentions = new Map<string, Pick<Spec, 'scheme' | 'keep'>>();
  /** The tables that must exist, and until when. */
  readonly #promised = new Map<string, number>();
  /** The groups that the newest run of rotate refused because their scheme changed, and its message. */
  readonly refused = new Map<string, string>();
  /** The tables that each run has requested to delete. */
  readonly deletions = new Map<string, Set<string>>();
  /** The running run of each job that has changed something. */
  readonly #changing = new Map<string, Run>();

  constructor(now: () => number) {
    this.now = now;
  }

  readonly closed = new ClosedEnvironment();
  readonly inForce = new RetentionPromises();
  readonly shortages = new Shortages();
  readonly #creationOrder = new CreationOrder();
  readonly #notices = new DeletionNotices();
  readonly #history = new RecordedDeletions();
  /** Whether the environment has a topic for notices. */
  hasTopic = false;
  embedded = false;
  /** How far in the future a run can date a deletion that it schedules when SNS has accepted its notice. */
  readonly #aheadMs = new Map<string, number>();
  /** How many creations AWS rejected because of a limit. */
  limited = 0;

  /** The kind of record that a newer version has written. */
  newer: NewerKind | undefined;

  /** Whether purging or lowering is suspended. */
  readonly suspended = new Set<Suspendable>();

  /** Drops the tables of another scheme, whose names can be those of shorter periods. */
  edited(config: Config): void {
    for (const table of this.#promised.keys())
      if (!specOf(config, this.tables.get(table)?.tags ?? {})) this.#promised.delete(table);
  }

  /** An operator tears the environment down, with these tables. None has to exist from then on. */
  tornDown(names: Iterable<string>): void {
    this.closed.close(names, this.tables, this.now());
    this.#promised.clear();
  }

  /** An operator opens the environment again. What was scheduled because it was closed counts for nothing. */
  reopened(canceled: readonly string[]): void {
    this.closed.open();
    for (const table of canceled) {
      this.scheduled.delete(table);
      this.backups.delete(table);
      this.archives.delete(table);
    }
  }

  /** `forged`: a record says that its ownership tags were seen. */
  unmanaged(table: string, forged = false): void {
    this.tables.set(table, {
      createdAt: this.now(),
      unmanaged: true,
      forged,
      tags: {},
      deleting: false,
      created: [],
      throughput: new Map(),
    });
  }

  /** An operator deleted a table and created it again under the same name, with the same tags and throughput as at first. */
  remade(table: string, remade: Remade): void {
    const { tags, created, kept } = this.tables.get(table)!;
    const createdAt = this.now();
    this.backups.delete(table);
    this.archives.delete(table);
    this.tables.set(table, {
      createdAt,
      unmanaged: false,
      remade,
      tags,
      created,
      throughput: byIndex(created),
      deleting: false,
      ...(kept && { kept }),
    });
  }

  /** An operator added an index to a table. */
  indexed(table: string, added: Throughput & { readonly index: string }): void {
    const known = this.tables.get(table)!;
    known.built = added.index;
    known.throughput.set(added.index, added);
  }

  /** Applications used a table in the minute that starts at `minute`. */
  used(table: string, minute: number): void {
    const known = this.tables.get(table);
    if (known) this.tables.set(table, { ...known, usedAt: [...(known.usedAt ?? []), minute] });
  }

  requested(effect: Effect, run: Run): void {
    // Entries change no table, and a run without a lease may add some.
    if (effect.kind === 'history') return;
    this.#oneAtATime(effect, run);
    checkClock(this, effect, run);
    checkScheme(this, effect, run);
    checkNewer(this, effect, run);
    checkManaged(this, effect, run);
    switch (effect.kind) {
      case 'create':
        return checkCreation(this, effect, run);
      case 'unprotect':
      case 'delete':
        return checkDeletion(this, effect.table, run);
      case 'schedule-deletion':
        if (this.hasTopic) this.#notices.schedules(this, effect.table, run);
        return checkScheduledDeletion(this, effect, run);
      case 'record-retention':
        return this.inForce.checkRecord(this, effect, run);
      case 'resize':
        this.#checkHealth(effect, run);
        return checkBounds(this, effect, run);
    }
  }

  done(effect: Effect, run: Run, instant: number): void {
    const { table } = effect;
    const known = this.tables.get(table);
    switch (effect.kind) {
      case 'create':
        this.counts.created += 1;
        this.#creationOrder.created(this, table, run);
        this.scheduled.delete(table);
        this.backups.delete(table);
        this.archives.delete(table);
        this.tables.set(table, {
          createdAt: instant,
          unmanaged: false,
          tags: effect.tags,
          deleting: false,
          created: effect.throughput,
          throughput: byIndex(effect.throughput),
        });
        break;
      case 'delete':
        if (!known || known.deleting) break;
        this.counts.deleted += 1;
        known.deleting = true;
        break;
      case 'schedule-deletion': {
        this.counts.scheduled += 1;
        const { createdAt, scheduledAt } = effect;
        this.scheduled.set(table, [
          ...(this.scheduled.get(table) ?? []),
          { run: run.id, createdAt, scheduledAt },
        ]);
        break;
      }
      case 'cancel-deletion':
        // A completed deletion is also removed from the state table.
        this.scheduled.delete(table);
        this.backups.delete(table);
        this.archives.delete(table);
        break;
      case 'back-up':
        this.backups.set(table, (this.backups.get(table) ?? new Set()).add(run.id));
        break;
      case 'archive':
        this.archives.set(table, (this.archives.get(table) ?? new Set()).add(run.id));
        break;
      case 'record-retention':
        this.inForce.recorded(effect.group, effect.retention);
        break;
      case 'history':
        this.#history.recorded(effect.deleted, run);
        break;
      case 'notice':
        this.inForce.told(effect.message, instant);
        this.#notices.told(effect.message, run);
        // The time of acceptance is by the clock of the run, in whole minutes.
        this.#aheadMs.set(run.id, Math.max(0, run.skewMs) + MINUTE_MS);
        break;
      case 'resize':
        this.counts.resized += 1;
        if (this.#gains(effect)) this.shortages.raised(table, instant);
        for (const each of effect.to) known?.throughput.set(each.index, each);
        break;
      case 'change':
        if (!/billing|UpdateTable/i.test(effect.operation)) break;
        if (/billing/i.test(effect.operation)) this.shortages.raised(table, instant);
        known?.throughput.clear();
    }
  }

  rejected(effect: Effect, run: Run, message: string): void {
    const limit = effect.kind === 'create' && /too many tables are changing/.test(message);
    if (limit) this.limited += 1;
    const quota = /decreases are limited/i.test(message);
    this.check(!quota, 'quota', () => `${run.id} sends a decrease of ${effect.table} that the quota forbids`);
    const faultless = !run.faults.resources.has(effect.table);
    const wrong = faultless && /will not change|not found/i.test(message) && effect.kind === 'resize';
    this.check(!wrong, 'pointless resize', () => `${run.id} resizes ${effect.table}: ${message}`);
  }

  /** Checks what a run must have achieved at its end. */
  ended(run: Run): void {
    for (const [job, changing] of this.#changing) if (changing === run) this.#changing.delete(job);
    const { outcome } = run;
    if (outcome?.kind === 'error') {
      const expected = ['ServiceError', 'JobFailed', 'ConfigError'].includes(outcome.name);
      this.check(expected, 'error', () => `${run.id} ended with ${outcome.name}: ${outcome.message}`);
    }
    // A plan for a past time stores no retention.
    if (outcome?.kind === 'summary' && run.job === 'purge' && !run.byOperator)
      this.#noteRetentions(run, outcome.summary);
    if (run.job === 'scale') this.shortages.ended(this, run);
    if (!this.embedded) this.#history.ended(this, run);
    if (outcome?.kind !== 'summary' || run.job !== 'rotate' || hasWrongTime(run)) return;
    const { results } = outcome.summary;
    if (gotNoLease(run, outcome.summary)) return;
    // A run without enough time reports that, and does not start the remaining actions.
    if (results.some((result) => leftUndone(result) && result.error === NO_TIME)) return;
    this.#checkRefusals(run, outcome.summary.holds);
    if (outcome.summary.outcome === 'done') this.#checkCanceled(run);
    if (!this.embedded) this.#creationOrder.ended(this, run, this.refused);
    if (this.closed.isClosed) return;
    for (const spec of run.config.specs) {
      if (this.refused.has(spec.name)) continue;
      for (const { name, period } of requiredTables(spec, run.eventTime)) {
        this.#checkNoticed(name, run, outcome.summary.outcome);
        if (run.faults.resources.has(name)) continue;
        const known = this.tables.get(name);
        this.check(known !== undefined, 'missing', () => `${run.id} ended and ${name} does not exist`);
        if (known && period.end > this.now()) this.#promised.set(name, period.end);
      }
    }
  }

  /** Rotate does not end with `done` while an unmanaged table has the name of a required one. */
  #checkNoticed(name: string, run: Run, outcome: string): void {
    const unmanaged = this.tables.get(name)?.unmanaged === true && run.faults.injected === 0;
    const noticed = !unmanaged || outcome !== 'done';
    this.check(noticed, 'unnoticed', () => `${run.id} ended with done, although ${name} is unmanaged`);
  }

  /** After a run of rotate, no deletion of a retained table is scheduled. */
  #checkCanceled(run: Run): void {
    if (run.faults.injected > 0 || this.newer !== undefined) return;
    for (const [table, scheduled] of this.scheduled) {
      // A run for a past time leaves alone what has been scheduled since.
      if (scheduled.some(({ scheduledAt }) => scheduledAt > run.eventTime)) continue;
      const known = this.tables.get(table);
      if (known && this.closed.listedAt(table, known) !== undefined) continue;
      const { deleting = true, tags = {} } = known ?? {};
      const spec = deleting ? undefined : specOf(run.config, tags);
      if (!spec || this.refused.has(spec.name)) continue;
      this.check(
        expired(spec, periodOf(tags), run.eventTime),
        'cancellation',
        () => `${run.id} ended, and the deletion of ${table} is scheduled, although it is retained`,
      );
    }
  }

  /** A group is refused only if it has a table of another scheme than the configuration says. */
  #checkRefusals({ id, config }: Run, holds: readonly Hold[]): void {
    this.refused.clear();
    for (const { group, message, reason, urgent } of holds) {
      if (reason !== 'scheme-changed' || !urgent) continue;
      this.refused.set(group, message);
      const changed = [...this.tables.values()].some(
        ({ tags, unmanaged }) => !unmanaged && tags[ownershipTags.spec] === group && !specOf(config, tags),
      );
      this.check(changed, 'refusal', () => `${id} refuses ${group}, whose tables all have its scheme`);
    }
  }

  /**
   * A run of purge without faults that ends well, and holds nothing of a group, has put its retention in force if that is longer. A
   * group whose scheme has changed is not followed.
   */
  #noteRetentions({ config, faults }: Run, { outcome, holds }: Summary): void {
    if (outcome !== 'done' || faults.injected > 0) return;
    for (const spec of config.specs) {
      const known = this.retentions.get(spec.name);
      const comparable = spec.previously.length === 0 && (!known || known.scheme === spec.scheme);
      if (!comparable) this.retentions.delete(spec.name);
      else if (!holds.some(({ group }) => group === spec.name) && spec.keep > (known?.keep ?? 0))
        this.retentions.set(spec.name, { scheme: spec.scheme, keep: spec.keep });
    }
  }

  /** An operator has confirmed a retention. */
  confirmed({ name, scheme, keep }: Pick<Spec, 'name' | 'scheme' | 'keep'>): void {
    this.retentions.set(name, { scheme, keep });
    this.inForce.confirmed(name, { scheme, keep });
  }

  /** Compares the records with the real state after every step. */
  compare({ tables, scheduledDeletions, exportTokens = [] }: ActualState): void {
    const now = this.now();
    const twice = exportTokens.find((token, i) => exportTokens.indexOf(token) < i);
    this.check(twice === undefined, 'second export', () => `The export ${twice} was started twice`);
    for (const [name, { deleting, unmanaged }] of this.tables) {
      if (deleting && !tables.has(name)) this.tables.delete(name);
      else if (!deleting)
        this.check(
          tables.has(name),
          unmanaged ? 'unmanaged' : 'vanished',
          () => `${name} does not exist, although no run deleted it`,
        );
    }
    for (const name of tables)
      this.check(this.tables.has(name), 'appeared', () => `${name} exists, although no run created it`);
    for (const [name, until] of this.#promised) {
      if (until <= now) this.#promised.delete(name);
      else
        this.check(
          tables.has(name),
          'lead time',
          () => `${name} does not exist, and its period has not ended`,
        );
    }
    for (const { table, createdAt, scheduledAt } of scheduledDeletions) {
      const { run } = this.scheduled.get(table)?.findLast((each) => each.scheduledAt === scheduledAt) ?? {};
      const latest = now + (this.#aheadMs.get(run ?? '') ?? 0);
      const sound = Number.isFinite(createdAt) && Number.isFinite(scheduledAt) && scheduledAt <= latest;
      this.check(
        sound,
        'state',
        () => `The scheduled deletion of ${table} has invalid times: ${createdAt}, ${scheduledAt}`,
      );
    }
  }

  check(holds: boolean, rule: string, message: string | (() => string)): void {
    this.checks += 1;
    if (holds) return;
    const what = typeof message === 'string' ? message : message();
    this.violations.push({ rule, message: `${iso(this.now())} ${what}.` });
  }

  /** The managed tables whose retention has ended at `instant`, and which are not DELETING. */
  expired(config: Config, instant: number): string[] {
    return [...this.tables].flatMap(([name, { unmanaged, deleting, tags }]) => {
      const spec = unmanaged || deleting ? undefined : specOf(config, tags);
      return spec && expired(spec, periodOf(tags), instant) ? [name] : [];
    });
  }

  /** Two runs of one job never change anything at the same time. Creations and raises need no lease. */
  #oneAtATime(effect: Effect, run: Run): void {
    if (effect.kind === 'create' || (effect.kind === 'resize' && !this.lowers(effect))) return;
    const other = this.#changing.get(run.job) ?? run;
    this.check(
      other === run,
      'lease',
      () => `${run.id} changes ${effect.table} while ${other.id} is running`,
    );
    this.#changing.set(run.job, run);
  }

  /** Nothing is lowered while the health page of the service fails. */
  #checkHealth(effect: Extract<Effect, { kind: 'resize' }>, run: Run): void {
    this.check(
      !run.unhealthy || !this.lowers(effect),
      'health',
      () => `${run.id} lowers ${effect.table} while the service is unhealthy`,
    );
  }

  /** Whether a table or an index gets more than it is known to have. */
  #gains({ table, to }: Extract<Effect, { kind: 'resize' }>): boolean {
    const known = this.tables.get(table)?.throughput;
    return to.some(({ index, read, write }) => {
      const before = known?.get(index);
      return !before || read > before.read || write > before.write;
    });
  }

  lowers({ table, to }: Extract<Effect, { kind: 'resize' }>): boolean {
    const known = this.tables.get(table)?.throughput;
    return to.some(({ index, read, write }) => {
      const before = known?.get(index);
      return before !== undefined && (read < before.read || write < before.write);
    });
  }
}
