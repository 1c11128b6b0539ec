import { requiredTables } from '../src/core/fleet.ts';
import { iso } from '../src/core/instant.ts';
import type { Stoppable } from '../src/core/observed.ts';
import type { Config } from '../src/core/spec.ts';
import { leftUndone } from '../src/jobs/apply.ts';
import { currentName, expired, periodOf, specOf, throughputRange, wantedNames } from './rules.ts';
import type { Effect, Run, Throughput, Witness } from './run.ts';

/** A table that stands, and who made it. */
interface Standing {
  readonly createdAt: number;
  /** Made by a person, and so none of ours. */
  readonly foreign: boolean;
  readonly tags: Readonly<Record<string, string>>;
  deleting: boolean;
  /** What it was last set to, by index; not known once something else has changed it. */
  readonly throughput: Map<string | undefined, Throughput>;
}

/** A first look, as it was recorded. */
interface Look {
  readonly run: string;
  readonly createdAt: number;
  readonly condemnedAt: number;
}

/** What can be seen of the world from outside. */
export interface Truth {
  /** Names of the tables that stand, without those that are DELETING. */
  readonly tables: ReadonlySet<string>;
  readonly sentences: readonly { table: string; createdAt: number; condemnedAt: number }[];
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
  readonly #now: () => number;
  readonly #standing = new Map<string, Standing>();
  readonly #looks = new Map<string, Look[]>();
  /** Tables that have to stand, and until when. */
  readonly #promised = new Map<string, number>();
  /** Tables that each run has wanted to delete. */
  readonly #deletions = new Map<string, Set<string>>();
  /** The run of each job that has begun to change things and has not ended. */
  readonly #changing = new Map<string, Run>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Purging or lowering, switched off at once. */
  readonly stopped = new Set<Stoppable>();

  handMade(table: string): void {
    this.#standing.set(table, {
      createdAt: this.#now(),
      foreign: true,
      tags: {},
      deleting: false,
      throughput: new Map(),
    });
  }

  wanted(effect: Effect, run: Run): void {
    this.#oneAtATime(effect, run);
    const standing = this.#standing.get(effect.table);
    if (effect.kind !== 'create' && effect.kind !== 'pardon')
      this.#check(
        standing?.foreign !== true,
        'foreign',
        () => `${run.id} wants to ${effect.kind} ${effect.table}`,
      );
    switch (effect.kind) {
      case 'create':
        return this.#checkCreation(effect, run);
      case 'unprotect':
      case 'delete':
        return this.#checkDeletion(effect.table, run);
      case 'condemn':
        return this.#checkSentence(effect, run);
      case 'resize':
        return this.#checkBounds(effect, run);
    }
  }

  done(effect: Effect, run: Run, instant: number): void {
    const { table } = effect;
    const standing = this.#standing.get(table);
    switch (effect.kind) {
      case 'create':
        this.counts.created += 1;
        this.#looks.delete(table);
        this.#standing.set(table, {
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
      case 'condemn': {
        this.counts.condemned += 1;
        const { createdAt, condemnedAt } = effect;
        this.#looks.set(table, [...(this.#looks.get(table) ?? []), { run: run.id, createdAt, condemnedAt }]);
        break;
      }
      case 'pardon':
        // A deletion forgets its sentence too, and by then there is nothing left to look at.
        this.#looks.delete(table);
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
    this.#check(!quota, 'quota', () => `${run.id} sent a decrease of ${effect.table} that the quota forbids`);
    const told = !run.weather.resources.has(effect.table);
    const wrong = told && /will not change|not found/i.test(message) && effect.kind === 'resize';
    this.#check(!wrong, 'senseless', () => `${run.id}: resize of ${effect.table}: ${message}`);
  }

  /** What a run must have brought about once it has come to its end. */
  ended(run: Run): void {
    for (const [job, changing] of this.#changing) if (changing === run) this.#changing.delete(job);
    const { outcome } = run;
    if (outcome?.kind === 'error') {
      const expected = ['ServiceError', 'JobFailed', 'ConfigError'].includes(outcome.name);
      this.#check(expected, 'error', () => `${run.id} ended with ${outcome.name}: ${outcome.message}`);
    }
    if (outcome?.kind !== 'summary' || outcome.summary.outcome === 'skipped' || run.job !== 'rotate') return;
    const { results } = outcome.summary;
    // A run whose time ran out says so, and does not begin what is left.
    if (results.some((result) => leftUndone(result) && /time was left/.test(result.error ?? ''))) return;
    for (const spec of run.config.specs) {
      for (const { name, period } of requiredTables(spec, run.eventTime)) {
        if (run.weather.resources.has(name)) continue;
        const standing = this.#standing.get(name);
        this.#check(standing !== undefined, 'missing', () => `${run.id} ended, and ${name} does not exist`);
        if (standing && period.end > this.#now()) this.#promised.set(name, period.end);
      }
    }
  }

  /** Holds the books against the world, after every step. */
  compare({ tables, sentences }: Truth): void {
    const now = this.#now();
    for (const [name, { deleting, foreign }] of this.#standing) {
      if (deleting && !tables.has(name)) this.#standing.delete(name);
      else if (!deleting)
        this.#check(
          tables.has(name),
          foreign ? 'foreign' : 'vanished',
          () => `${name} is gone, and nobody deleted it`,
        );
    }
    for (const name of tables) this.#check(this.#standing.has(name), 'appeared', () => `Nobody made ${name}`);
    for (const [name, until] of this.#promised) {
      if (until <= now) this.#promised.delete(name);
      else
        this.#check(
          tables.has(name),
          'lead time',
          () => `${name} does not exist, and its period has not ended`,
        );
    }
    for (const { table, createdAt, condemnedAt } of sentences) {
      const sound = Number.isFinite(createdAt) && Number.isFinite(condemnedAt) && condemnedAt <= now;
      this.#check(sound, 'state', () => `The sentence of ${table} is of ${createdAt}, ${condemnedAt}`);
    }
  }

  /** Something that has to be true by now, found out elsewhere. */
  #check(holds: boolean, rule: string, message: () => string): void {
    this.checks += 1;
    if (!holds) this.violations.push({ rule, message: `${iso(this.#now())} ${message()}.` });
  }

  check(holds: boolean, rule: string, message: string): void {
    this.#check(holds, rule, () => message);
  }

  /** Tables of ours that are past their retention at `instant`, and not being deleted. */
  expired(config: Config, instant: number): string[] {
    return [...this.#standing].flatMap(([name, { foreign, deleting, tags }]) => {
      const spec = foreign || deleting ? undefined : specOf(config, tags);
      return spec && expired(spec, periodOf(tags), instant) ? [name] : [];
    });
  }

  /** Two runs of one job never change things side by side. */
  #oneAtATime(effect: Effect, run: Run): void {
    const other = this.#changing.get(run.job) ?? run;
    this.#check(
      other === run,
      'lease',
      () => `${run.id} changes ${effect.table} while ${other.id} is at work`,
    );
    this.#changing.set(run.job, run);
  }

  #checkCreation({ table, tags }: Extract<Effect, { kind: 'create' }>, run: Run): void {
    const wanted = run.config.specs.flatMap((spec) => wantedNames(spec, run.eventTime));
    this.#check(wanted.includes(table), 'creation', () => `${run.id} makes ${table}, which nobody asked for`);
    const spec = specOf(run.config, tags);
    this.#check(
      spec !== undefined,
      'creation',
      () => `${run.id} makes ${table} without its tags of ownership`,
    );
  }

  #checkDeletion(table: string, run: Run): void {
    const standing = this.#standing.get(table);
    if (!standing || standing.deleting) return;
    const now = this.#now();
    const what = `${run.id} deletes ${table}`;
    this.#check(run.job === 'purge', 'deletion', () => `${what}, which only purge may`);
    const spec = specOf(run.config, standing.tags);
    this.#check(spec !== undefined, 'retention', () => `${what}, which is no spec's any more`);
    if (!spec) return;
    this.#check(spec.settings.purge.enabled, 'switch', () => `${what} while purging is switched off`);
    this.#check(!this.stopped.has('purging'), 'stop', () => `${what} while purging is stopped`);
    this.#check(
      expired(spec, periodOf(standing.tags), now),
      'retention',
      () => `${what} inside its retention`,
    );
    const { secondLookMs } = spec.settings.purge;
    const looked = (this.#looks.get(table) ?? []).some(
      (look) =>
        look.run !== run.id &&
        look.createdAt === standing.createdAt &&
        run.eventTime - look.condemnedAt >= secondLookMs,
    );
    this.#check(
      looked,
      'second look',
      () => `${what} without a first look ${secondLookMs / 3_600_000} h before`,
    );
    const current = this.#standing.get(currentName(spec, run.eventTime));
    this.#check(
      current?.deleting === false,
      'last table',
      () => `${what} while the current table does not stand`,
    );
    const own = (this.#deletions.get(run.id) ?? new Set()).add(table);
    this.#deletions.set(run.id, own);
    const { maxPerRun } = run.config.settings.purge;
    this.#check(own.size <= maxPerRun, 'cap', () => `${what}, the ${own.size}th table of this run`);
  }

  #checkSentence({ table, createdAt }: Extract<Effect, { kind: 'condemn' }>, run: Run): void {
    const standing = this.#standing.get(table);
    const spec = standing && specOf(run.config, standing.tags);
    const due = spec && expired(spec, periodOf(standing.tags), run.eventTime);
    this.#check(due === true, 'sentence', () => `${run.id} condemns ${table}, which is not expired`);
    const same = standing?.createdAt === createdAt;
    this.#check(same, 'sentence', () => `${run.id} condemns a ${table} made ${iso(createdAt)}`);
  }

  #checkBounds({ table, to }: Extract<Effect, { kind: 'resize' }>, run: Run): void {
    const standing = this.#standing.get(table);
    const spec = standing && specOf(run.config, standing.tags);
    this.#check(spec !== undefined, 'ownership', () => `${run.id} resizes ${table}, which is no spec's`);
    if (!spec || !standing) return;
    const active = currentName(spec, run.eventTime) === table;
    for (const { index, ...units } of to) {
      for (const dimension of ['read', 'write'] as const) {
        const { low, high } = throughputRange(spec, index, dimension, active);
        const value = units[dimension];
        const before = standing.throughput.get(index)?.[dimension];
        const kept = before === value;
        const lowered = before !== undefined && value < before;
        this.#check(
          !(lowered && this.stopped.has('lowering')),
          'stop',
          () => `${run.id} lowers ${table} while lowering is stopped`,
        );
        const inside = kept || (value >= low && value <= high);
        this.#check(
          inside,
          'bounds',
          () => `${run.id} sets ${dimension}s of ${table} to ${value}, not ${low} to ${high}`,
        );
      }
    }
  }
}
