import { iso } from '../src/core/calendar/instant.ts';
import { requiredTables } from '../src/core/fleet.ts';
import type { Suspendable } from '../src/core/observed.ts';
import type { Config, Spec } from '../src/core/spec.ts';
import { leftUndone } from '../src/jobs/apply.ts';
import {
  checkBounds,
  checkClock,
  checkCreation,
  checkDeletion,
  checkScheduledDeletion,
  type Look,
  type Standing,
  untimely,
} from './promises.ts';
import { expired, periodOf, specOf } from './rules.ts';
import type { Effect, Run, Witness } from './run.ts';

/** What can be seen of the world from outside. */
export interface Truth {
  /** Names of the tables that stand, without those that are DELETING. */
  readonly tables: ReadonlySet<string>;
  readonly scheduledDeletions: readonly { table: string; createdAt: number; scheduledAt: number }[];
}

export interface Violation {
  readonly rule: string;
  readonly message: string;
}

/**
 * Keeps its own books of what stands and why, from what it is told, and holds every change against the promises:
 * docs/safety.md lists them. It knows nothing of plans, and reckons retention by its own simple rules.
 */
export class Ledger implements Witness {
  checks = 0;
  readonly violations: Violation[] = [];
  readonly counts = { created: 0, deleted: 0, condemned: 0, resized: 0 };
  readonly now: () => number;
  readonly standing = new Map<string, Standing>();
  readonly looks = new Map<string, Look[]>();
  /** Which runs have backed a table up since it was condemned. */
  readonly backups = new Map<string, Set<string>>();
  /** Tables that have to stand, and until when. */
  readonly #promised = new Map<string, { until: number; spec: Pick<Spec, 'name' | 'scheme'> }>();
  /** Tables that each run has wanted to delete. */
  readonly deletions = new Map<string, Set<string>>();
  /** The run of each job that has begun to change things and has not ended. */
  readonly #changing = new Map<string, Run>();

  constructor(now: () => number) {
    this.now = now;
  }

  /** Purging or lowering, switched off at once. */
  readonly stopped = new Set<Suspendable>();

  /** What a spec of another scheme has promised, nobody keeps: its names may be those of shorter periods. */
  edited({ specs }: Config): void {
    for (const [table, { spec }] of this.#promised) {
      const stands = specs.some(({ name, scheme }) => name === spec.name && scheme === spec.scheme);
      if (!stands) this.#promised.delete(table);
    }
  }

  handMade(table: string): void {
    this.standing.set(table, {
      createdAt: this.now(),
      foreign: true,
      tags: {},
      deleting: false,
      throughput: new Map(),
    });
  }

  wanted(effect: Effect, run: Run): void {
    this.#oneAtATime(effect, run);
    checkClock(this, effect, run);
    const standing = this.standing.get(effect.table);
    if (effect.kind !== 'create' && effect.kind !== 'cancel-deletion')
      this.check(
        standing?.foreign !== true,
        'foreign',
        () => `${run.id} wants to ${effect.kind} ${effect.table}`,
      );
    switch (effect.kind) {
      case 'create':
        return checkCreation(this, effect, run);
      case 'unprotect':
      case 'delete':
        return checkDeletion(this, effect.table, run);
      case 'schedule-deletion':
        return checkScheduledDeletion(this, effect, run);
      case 'resize':
        return checkBounds(this, effect, run);
    }
  }

  done(effect: Effect, run: Run, instant: number): void {
    const { table } = effect;
    const standing = this.standing.get(table);
    switch (effect.kind) {
      case 'create':
        this.counts.created += 1;
        this.looks.delete(table);
        this.backups.delete(table);
        this.standing.set(table, {
          createdAt: instant,
          foreign: false,
          tags: effect.tags,
          deleting: false,
          throughput: new Map(effect.throughput.map((each) => [each.index, each])),
        });
        break;
      case 'delete':
        if (!standing || standing.deleting) break;
        this.counts.deleted += 1;
        standing.deleting = true;
        break;
      case 'schedule-deletion': {
        this.counts.condemned += 1;
        const { createdAt, scheduledAt } = effect;
        this.looks.set(table, [...(this.looks.get(table) ?? []), { run: run.id, createdAt, scheduledAt }]);
        break;
      }
      case 'cancel-deletion':
        // A deletion forgets its sentence too, and by then there is nothing left to look at.
        this.looks.delete(table);
        this.backups.delete(table);
        break;
      case 'back-up':
        this.backups.set(table, (this.backups.get(table) ?? new Set()).add(run.id));
        break;
      case 'resize':
        this.counts.resized += 1;
        for (const each of effect.to) standing?.throughput.set(each.index, each);
        break;
      case 'change':
        if (/billing|UpdateTable/i.test(effect.operation)) standing?.throughput.clear();
    }
  }

  refused(effect: Effect, run: Run, message: string): void {
    const quota = /decreases are limited/i.test(message);
    this.check(!quota, 'quota', () => `${run.id} sent a decrease of ${effect.table} that the quota forbids`);
    const told = !run.weather.resources.has(effect.table);
    const wrong = told && /will not change|not found/i.test(message) && effect.kind === 'resize';
    this.check(!wrong, 'senseless', () => `${run.id}: resize of ${effect.table}: ${message}`);
  }

  /** What a run must have brought about once it has come to its end. */
  ended(run: Run): void {
    for (const [job, changing] of this.#changing) if (changing === run) this.#changing.delete(job);
    const { outcome } = run;
    if (outcome?.kind === 'error') {
      const expected = ['ServiceError', 'JobFailed', 'ConfigError'].includes(outcome.name);
      this.check(expected, 'error', () => `${run.id} ended with ${outcome.name}: ${outcome.message}`);
    }
    if (outcome?.kind !== 'summary' || outcome.summary.outcome === 'skipped' || run.job !== 'rotate') return;
    if (untimely(run)) return;
    const { results } = outcome.summary;
    // A run whose time ran out says so, and does not begin what is left.
    if (results.some((result) => leftUndone(result) && /time was left/.test(result.error ?? ''))) return;
    for (const spec of run.config.specs) {
      for (const { name, period } of requiredTables(spec, run.eventTime)) {
        if (run.weather.resources.has(name)) continue;
        const standing = this.standing.get(name);
        this.check(standing !== undefined, 'missing', () => `${run.id} ended, and ${name} does not exist`);
        if (standing && period.end > this.now()) this.#promised.set(name, { until: period.end, spec });
      }
    }
  }

  /** Holds the books against the world, after every step. */
  compare({ tables, scheduledDeletions }: Truth): void {
    const now = this.now();
    for (const [name, { deleting, foreign }] of this.standing) {
      if (deleting && !tables.has(name)) this.standing.delete(name);
      else if (!deleting)
        this.check(
          tables.has(name),
          foreign ? 'foreign' : 'vanished',
          () => `${name} is gone, and nobody deleted it`,
        );
    }
    for (const name of tables) this.check(this.standing.has(name), 'appeared', () => `Nobody made ${name}`);
    for (const [name, { until }] of this.#promised) {
      if (until <= now) this.#promised.delete(name);
      else
        this.check(
          tables.has(name),
          'lead time',
          () => `${name} does not exist, and its period has not ended`,
        );
    }
    for (const { table, createdAt, scheduledAt } of scheduledDeletions) {
      const sound = Number.isFinite(createdAt) && Number.isFinite(scheduledAt) && scheduledAt <= now;
      this.check(sound, 'state', () => `The sentence of ${table} is of ${createdAt}, ${scheduledAt}`);
    }
  }

  check(holds: boolean, rule: string, message: string | (() => string)): void {
    this.checks += 1;
    if (holds) return;
    const what = typeof message === 'string' ? message : message();
    this.violations.push({ rule, message: `${iso(this.now())} ${what}.` });
  }

  /** Tables of ours that are past their retention at `instant`, and not being deleted. */
  expired(config: Config, instant: number): string[] {
    return [...this.standing].flatMap(([name, { foreign, deleting, tags }]) => {
      const spec = foreign || deleting ? undefined : specOf(config, tags);
      return spec && expired(spec, periodOf(tags), instant) ? [name] : [];
    });
  }

  /** Two runs of one job never change things side by side; but creations and raises need no lease. */
  #oneAtATime(effect: Effect, run: Run): void {
    if (effect.kind === 'create' || (effect.kind === 'resize' && this.#raises(effect))) return;
    const other = this.#changing.get(run.job) ?? run;
    this.check(
      other === run,
      'lease',
      () => `${run.id} changes ${effect.table} while ${other.id} is at work`,
    );
    this.#changing.set(run.job, run);
  }

  #raises({ table, to }: Extract<Effect, { kind: 'resize' }>): boolean {
    const known = this.standing.get(table)?.throughput;
    return to.every(({ index, read, write }) => {
      const before = known?.get(index);
      return !before || (read >= before.read && write >= before.write);
    });
  }
}
