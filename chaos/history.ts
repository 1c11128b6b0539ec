import { iso } from '../src/core/calendar/instant.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import type { Suspendable } from '../src/core/facts.ts';
import type { Job } from '../src/core/plan.ts';
import { drawFaultRates } from './fault-rates.ts';
import { type FaultRates, FaultSchedule } from './faults.ts';
import type { Ledger, Violation } from './ledger.ts';
import { type NewerKind, newerKinds } from './newer.ts';
import { anUnmanagedName, configOf, corrected, edited, type Files, obeyed, slipped } from './operator.ts';
import { Random } from './random.ts';
import { recover } from './recovery.ts';
import { currentName, expiredName, specOf } from './rules.ts';
import type { Crash, Run } from './run.ts';
import { describeGroup, describeRun } from './run-text.ts';
import { ADDED_UNITS, type Behavior, type ByHand, type System, usualBehavior } from './system.ts';
import { Unfit } from './unfit.ts';

export interface HistoryResult {
  readonly faults: number;
  /** How often each kind of fault, and each other kind of event, occurred. */
  readonly occurred: ReadonlyMap<string, number>;
  readonly crashes: number;
  readonly runs: number;
  readonly checks: number;
  readonly violations: readonly Violation[];
  readonly counts: Ledger['counts'];
  /** A line for each step. */
  readonly timeline: readonly string[];
}

/** A history: it plays steps at random, and the ledger checks every change. */
export class History {
  readonly #seed: string;
  readonly #random: Random;
  /** For rare events, so that a history without them stays as it is. */
  readonly #rare: Random;
  /** For the events that only one history in four has; undefined in the others. All of their randomness is from here. */
  readonly #seldom: Random | undefined;
  /** For forged records in such a history. Its other events are as without them. */
  readonly #forger: Random;
  /** For histories in which operators tear the environment down; undefined in the others. */
  readonly #closes: Random | undefined;
  readonly #unfit: Unfit;
  readonly #system: System;
  readonly #ledger: Ledger;
  readonly #timeline: string[] = [];
  #files: Files;
  #rates: FaultRates = { rate: 0 };
  readonly #occurred = new Map<string, number>();
  #runs = 0;
  #pastPlans = 0;
  #unfitRuns = 0;
  #faults = 0;
  #crashes = 0;
  #lastPurge = 0;
  /** The retentions that operators shortened by a slip, by group, as they were. */
  readonly #slips = new Map<string, string>();
  #behavior: Behavior = usualBehavior;

  constructor(
    seed: string,
    files: Files,
    random: Random,
    system: System,
    ledger: Ledger,
    closes: boolean = false,
  ) {
    this.#closes = closes ? new Random(seed, 'closes') : undefined;
    this.#seed = seed;
    this.#random = random;
    this.#rare = new Random(seed, 'rare');
    const seldom = new Random(seed, 'seldom');
    this.#seldom = seldom.chance(0.25) && !system.embedded ? seldom : undefined;
    this.#forger = new Random(seed, 'forger');
    this.#system = system;
    this.#ledger = ledger;
    this.#unfit = new Unfit(seed, {
      system,
      ledger,
      runOf: (job) => {
        this.#unfitRuns += 1;
        return this.#runOf(`unfit-${this.#unfitRuns}`, job, system.now());
      },
      execute: (run) => this.#execute(run),
      happened: (what, about) => {
        this.#count(what);
        this.#log(`${what}: ${about}`);
      },
    });
    this.#files = files;
    system.edit(files);
  }

  result(): HistoryResult {
    const { checks, violations, counts } = this.#ledger;
    const [faults, crashes, runs, timeline] = [this.#faults, this.#crashes, this.#runs, this.#timeline];
    return { faults, occurred: this.#occurred, crashes, runs, checks, violations, counts, timeline };
  }

  async play(end: number): Promise<void> {
    this.#log(`starts with ${this.#files.tables.map(describeGroup).join(', ')}`);
    while (this.#system.now() < end && this.#ledger.violations.length === 0) {
      await this.#step();
      await this.#compare();
      await this.#system.pass(this.#random.between(10, 13 * 60) * MINUTE_MS);
    }
    if (this.#ledger.violations.length === 0) await this.#recover();
  }

  async #step(): Promise<void> {
    const random = this.#random;
    if (random.chance(0.25)) this.#changeFaultRates();
    if (random.chance(0.06)) this.#edit(edited(this.#files, random, this.#system.now()));
    if (this.#ledger.refused.size > 0 && random.chance(0.3)) this.#obey();
    if (random.chance(0.04)) await this.#createUnmanaged();
    const [suspended] = this.#ledger.suspended;
    if (random.chance(suspended ? 0.25 : 0.04)) await this.#suspendOrResume(suspended);
    if (random.chance(0.15)) await this.#confirm();
    if (random.chance(0.1)) this.#slipOrCorrect();
    if (random.chance(0.08)) await this.#workByHand();
    if (random.chance(0.15)) this.#changeBehavior();
    if (random.chance(0.1)) await this.#useExpired();
    if (random.chance(0.8)) await this.#invoke('rotate');
    const purge = this.#system.now() - this.#lastPurge >= DAY_MS || random.chance(0.05);
    if (purge) await this.#runPurge();
    if (random.chance(0.12)) await this.#runTraffic();
    if (random.chance(0.08)) await this.#overlap();
    if (random.chance(0.05)) await this.#lateEvent();
    if (random.chance(0.04)) await this.#wrongClock();
    if (this.#system.embedded && random.chance(0.1)) await this.#halfWritten();
    if (this.#closes?.chance(this.#ledger.closed.isClosed ? 0.12 : 0.06))
      await this.#closeOrOpen(this.#closes);
    if (this.#seldom) await this.#seldomStep(this.#seldom);
    await this.#unfit.step(configOf(this.#files));
  }

  /** An operator tears the environment down, a second time too, or opens it again. */
  async #closeOrOpen(random: Random): Promise<void> {
    const { teardown } = this.#system;
    if (!teardown) return;
    if (this.#ledger.closed.isClosed && random.chance(0.7)) return this.#open();
    const listed = await teardown.close(configOf(this.#files));
    if (!listed) return;
    this.#ledger.tornDown(listed);
    this.#count('environment closed');
    this.#log(`the environment is closed, with ${listed.length} tables`);
    if (random.chance(0.7)) await this.#retriedAfterClosing(random);
  }

  /** A run for a time before the teardown begins only now, because its first try failed. */
  async #retriedAfterClosing(random: Random): Promise<void> {
    this.#count('late event');
    const ageMs = random.pick([2 * MINUTE_MS, HOUR_MS]);
    await this.#execute(
      this.#runOf(`retried-${this.#occurred.get('late event')}`, 'rotate', this.#system.now() - ageMs),
    );
  }

  async #open(): Promise<void> {
    this.#ledger.reopened((await this.#system.teardown?.open()) ?? []);
    this.#count('environment opened');
    this.#log('the environment is open again');
  }

  async #seldomStep(random: Random): Promise<void> {
    if (random.chance(0.15)) await this.#applyPastPlan(random);
    if (random.chance(this.#ledger.newer ? 0.4 : 0.05))
      this.#writeNewer(this.#ledger.newer ? undefined : random.pick(Object.keys(newerKinds) as NewerKind[]));
    if (random.chance(0.08)) await this.#forgeOwnership(random);
    if (this.#slips.size > 0 && random.chance(0.3)) await this.#purgeWithoutSns();
    if (this.#forger.chance(0.08)) await this.#forgeUnmanaged(this.#forger);
  }

  /** An operator applies a plan of purge for a past time. */
  async #applyPastPlan(random: Random): Promise<void> {
    this.#count('plan for a past time');
    this.#pastPlans += 1;
    const ageMs = random.pick([HOUR_MS, 6 * HOUR_MS, 20 * HOUR_MS, 2 * DAY_MS]);
    const run = this.#runOf(`plan-${this.#pastPlans}`, 'purge', this.#system.now() - ageMs);
    await this.#execute({ ...run, byOperator: true });
  }

  /** SNS accepts no notice, while a retention is too short by a slip. */
  async #purgeWithoutSns(): Promise<void> {
    this.#count('notice not accepted');
    const fault = { kind: 'error', error: 'InternalServerError' } as const;
    await this.#invoke('purge', this.#system.now(), {
      rate: 0,
      outage: { operation: 'Publish', fault },
    });
  }

  /** A newer version is rolled back after it has written records of a kind. Undefined: it is deployed again. */
  #writeNewer(kind: NewerKind | undefined): void {
    if (kind) this.#count('state of a newer version');
    this.#ledger.newer = kind;
    this.#system.writeNewer?.(kind);
    this.#log(`state of a newer version: ${kind ?? 'none'}`);
  }

  /** An unmanaged table gets the name of an expired one, and a record says that its ownership tags were seen. */
  async #forgeOwnership(random: Random): Promise<void> {
    const spec = random.pick(configOf(this.#files).specs);
    const periods = random.between(1, 9);
    if (spec.keep === Infinity || spec.scheme === 'none') return;
    const name = expiredName(spec, this.#system.now(), periods);
    if (!(await this.#system.createUnmanaged(name))) return;
    this.#ledger.unmanaged(name, true);
    await this.#system.byHand?.forgeOwnership(name, spec);
    this.#count('forged record of ownership');
    this.#log(`forged record of ownership: ${name}`);
  }

  /** A record says that purge saw the tables of a group without their tags. */
  async #forgeUnmanaged(random: Random): Promise<void> {
    const spec = random.pick(configOf(this.#files).specs);
    if (!(await this.#system.byHand?.forgeUnmanaged(spec))) return;
    this.#count('forged record of unmanaged tables');
    this.#log(`forged record of unmanaged tables: ${spec.name}`);
  }

  #count(what: string, times = 1): void {
    this.#occurred.set(what, (this.#occurred.get(what) ?? 0) + times);
  }

  #changeFaultRates(): void {
    const { what, rates } = drawFaultRates(this.#files, this.#random);
    this.#rates = rates;
    this.#log(`fault rate: ${what}`);
  }

  /** An operator does what rotate says about a group whose scheme changed. */
  #obey(): void {
    const [group, message] = this.#random.pick([...this.#ledger.refused]);
    const files = obeyed(this.#files, group, message);
    if (!files) return;
    this.#ledger.refused.delete(group);
    this.#count('scheme change corrected');
    this.#edit({ files, what: `${group} is corrected` });
  }

  #edit({ files, what }: ReturnType<typeof edited>): void {
    this.#files = files;
    this.#system.edit(files);
    this.#ledger.edited(configOf(files));
    this.#count('edit');
    this.#log(`edit: ${what}`);
  }

  /** An operator shortens a retention by a slip, or corrects it. Meanwhile it is not confirmed. */
  #slipOrCorrect(): void {
    const [slip] = this.#slips;
    if (slip) {
      const [group, was] = slip;
      this.#slips.delete(group);
      this.#count('retention corrected');
      return this.#edit({ files: corrected(this.#files, group, was), what: `${group} retains ${was} again` });
    }
    const made = slipped(this.#files, this.#random);
    if (!made) return;
    const { files, group, was } = made;
    this.#slips.set(group, was);
    this.#count('retention shortened by a slip');
    this.#edit({ files, what: `${group} retains less than ${was} by a slip` });
  }

  /** An operator deletes a table and creates it again, tags one, or adds an index. */
  async #workByHand(): Promise<void> {
    const { byHand } = this.#system;
    const config = configOf(this.#files);
    const expired = this.#ledger.expired(config, this.#system.now());
    const scheduled = expired.filter((name) => this.#ledger.scheduled.has(name));
    const kind = this.#random.weighted({ adopted: 4, copy: 1, keep: 1, index: 3 });
    const names = kind === 'index' ? this.#current() : scheduled.length > 0 ? scheduled : expired;
    if (!byHand || names.length === 0) return;
    const name = this.#random.pick(names);
    if (!(await performByHand(byHand, kind, name))) return;
    if (kind === 'adopted' || kind === 'copy') this.#ledger.remade(name, kind);
    if (kind === 'keep') this.#ledger.tables.get(name)!.kept = true;
    if (kind === 'index') this.#ledger.indexed(name, { index: ADDED_INDEX, ...ADDED_UNITS });
    const what = {
      adopted: 'table remade',
      copy: 'table restored',
      keep: 'table tagged to be kept',
      index: 'index being built',
    }[kind];
    this.#count(what);
    this.#log(`${what}: ${name}`);
  }

  /** The managed current tables. */
  #current(): string[] {
    const { specs } = configOf(this.#files);
    return specs
      .map((spec) => currentName(spec, this.#system.now()))
      .filter((name) => {
        const known = this.#ledger.tables.get(name);
        return known && !known.unmanaged && specOf(configOf(this.#files), known.tags) !== undefined;
      });
  }

  /** AWS shows changes late, or allows few changes at once, or neither. */
  #changeBehavior(behavior?: Behavior): void {
    const random = this.#random;
    this.#behavior = behavior ?? {
      lateMs: random.pick([0, 0, 1_000, 5_000]),
      changingAtOnce: random.pick([500, 500, 2, 4]),
    };
    this.#system.behave?.(this.#behavior);
    const { lateMs, changingAtOnce } = this.#behavior;
    this.#log(`AWS shows changes after ${lateMs} ms and allows ${changingAtOnce} at once`);
  }

  /** An application uses an expired table for some minutes. */
  async #useExpired(): Promise<void> {
    const expired = this.#ledger.expired(configOf(this.#files), this.#system.now());
    if (expired.length === 0 || this.#system.embedded) return;
    const scheduled = expired.filter((name) => this.#ledger.scheduled.has(name));
    const name = this.#random.pick(scheduled.length > 0 ? scheduled : expired);
    this.#count('expired table in use');
    this.#log(`an application uses ${name}`);
    for (let minute = 0; minute < 3; minute += 1) {
      const at = Math.floor(this.#system.now() / MINUTE_MS) * MINUTE_MS;
      await this.#system.traffic([name], 1);
      this.#ledger.used(name, at);
      await this.#system.pass(MINUTE_MS);
    }
    // Metrics show it now, unless CloudWatch does not answer.
    await this.#system.pass(5 * MINUTE_MS);
    if (this.#rare.chance(0.4)) await this.#purgeInSilence();
    const fault = { kind: 'error', error: 'InternalServerError' } as const;
    const failing: FaultRates = { rate: 0, outage: { operation: 'GetMetricData', fault } };
    if (this.#random.chance(0.5))
      await this.#invoke('purge', this.#system.now(), this.#random.chance(0.5) ? failing : this.#rates);
  }

  /** CloudWatch answers with no data. */
  async #purgeInSilence(): Promise<void> {
    this.#count('silent CloudWatch');
    const fault = { kind: 'metrics', how: 'missing' } as const;
    await this.#invoke('purge', this.#system.now(), {
      rate: 0,
      outage: { operation: 'GetMetricData', fault },
    });
  }

  /** A run that reads a half-written file must not send any call. */
  async #halfWritten(): Promise<void> {
    this.#count('half-written file');
    this.#system.edit(this.#files, true);
    const run = await this.#invoke(
      this.#random.pick(['rotate', 'purge', 'scale'] as const),
      this.#system.now(),
      { rate: 0 },
    );
    const rejected = run.outcome?.kind === 'error' && run.outcome.name === 'ConfigError' && run.calls === 0;
    this.#ledger.check(rejected, 'half-written', `${run.id} ran with a half-written file`);
    this.#system.edit(this.#files);
  }

  async #createUnmanaged(): Promise<void> {
    const name = anUnmanagedName(this.#files, this.#system.now(), this.#random);
    if (!(await this.#system.createUnmanaged(name))) return;
    this.#ledger.unmanaged(name);
    this.#count('unmanaged table');
    this.#log(`unmanaged table: ${name}`);
  }

  /** Suspends or resumes purging or lowering. */
  async #suspendOrResume(
    what: Suspendable = this.#random.pick(['purging', 'lowering'] as const),
  ): Promise<void> {
    this.#count('suspend or resume');
    const { suspended } = this.#ledger;
    if (suspended.delete(what)) await this.#system.state.resume(what);
    else {
      suspended.add(what);
      await this.#system.state.suspend({ what, since: this.#system.now(), reason: 'chaos' });
    }
    this.#log(`${what}: ${suspended.has(what) ? 'suspended' : 'resumed'}`);
  }

  async #runPurge(): Promise<void> {
    this.#lastPurge = this.#system.now();
    await this.#invoke('purge');
  }

  /** Traffic for some minutes, with a run of scale every three minutes. */
  async #runTraffic(): Promise<void> {
    const random = this.#random;
    const units = random.pick([0, 3, 40, 150, 900]);
    const { specs } = configOf(this.#files);
    const { tables } = await this.#system.actualState();
    const current = specs
      .map((spec) => currentName(spec, this.#system.now()))
      .filter((name) => tables.has(name));
    this.#log(`traffic: ${units}/s on ${current.join(', ')}`);
    const minutes = random.between(6, 18);
    for (let minute = 0; minute < minutes; minute += 1) {
      this.#ledger.shortages.refused(await this.#system.traffic(current, units * (0.5 + random.next())));
      await this.#system.pass(MINUTE_MS);
      if (minute % 3 === 2) await this.#invoke('scale');
    }
    this.#ledger.shortages.refused(new Set());
  }

  /** Two runs at the same time, of one job or of two, and sometimes the same event again. */
  async #overlap(): Promise<void> {
    this.#count('overlap');
    const first = this.#random.pick(['rotate', 'purge', 'scale'] as const);
    const second = this.#random.chance(0.6)
      ? first
      : this.#random.pick(['rotate', 'purge', 'scale'] as const);
    await Promise.all([this.#invoke(first), this.#invoke(second)]);
    if (!this.#random.chance(0.5)) return;
    this.#count('repeated event');
    await this.#invoke(first);
  }

  /** An event that arrives long after its time. */
  async #lateEvent(): Promise<void> {
    this.#count('late event');
    const ageMs = this.#random.pick([
      5 * MINUTE_MS,
      HOUR_MS,
      6 * HOUR_MS,
      23 * HOUR_MS,
      2 * DAY_MS,
      9 * DAY_MS,
    ]);
    await this.#invoke(this.#random.pick(['rotate', 'purge', 'scale'] as const), this.#system.now() - ageMs);
  }

  /** A run on a machine whose clock is wrong by minutes, hours or days. */
  async #wrongClock(): Promise<void> {
    this.#count('wrong clock');
    const byMs =
      this.#random.pick([-1, 1]) * this.#random.pick([10 * MINUTE_MS, HOUR_MS, DAY_MS, 9 * DAY_MS]);
    const run = this.#newRun(
      this.#random.pick(['rotate', 'purge', 'scale'] as const),
      this.#system.now() + byMs,
      { rate: 0 },
    );
    await this.#execute({ ...run, skewMs: byMs });
  }

  /** An operator confirms the retention of every group that has no slip. */
  async #confirm(): Promise<void> {
    const since = this.#system.now();
    for (const spec of configOf(this.#files).specs) {
      const { name, scheme, keep } = spec;
      if (this.#slips.has(name)) continue;
      await this.#system.state.recordRetention(name, { scheme, keep, since });
      this.#ledger.confirmed(spec);
    }
    this.#count('confirmation');
    this.#log('every other retention is confirmed');
  }

  async #invoke(job: Job, eventTime = this.#system.now(), rates = this.#rates): Promise<Run> {
    return this.#execute(this.#newRun(job, eventTime, rates));
  }

  async #execute(run: Run): Promise<Run> {
    const { created, deleted } = this.#ledger.counts;
    const { limited } = this.#ledger;
    run.outcome = await this.#system.run(run);
    this.#ledger.ended(run);
    const { counts } = this.#ledger;
    if (this.#behavior.lateMs > 0 && counts.created + counts.deleted > created + deleted)
      this.#count('late consistency');
    if (this.#ledger.limited > limited) this.#count('creation limit', this.#ledger.limited - limited);
    this.#faults += run.faults.injected + (run.outcome.kind === 'crashed' ? 1 : 0);
    this.#crashes += run.outcome.kind === 'crashed' ? 1 : 0;
    if (run.outcome.kind === 'crashed')
      this.#count(this.#system.embedded ? 'killed process' : 'abandoned run');
    if (run.skewMs !== 0) this.#count('skewed clock');
    for (const [kind, times] of run.faults.kinds) this.#count(kind, times);
    this.#log(describeRun(run));
    return run;
  }

  #newRun(job: Job, eventTime: number, rates: FaultRates): Run {
    const random = this.#random;
    this.#runs += 1;
    const faulty = rates.rate > 0;
    const crash: Crash = {
      atCall: random.between(1, random.pick([4, 12, 40])),
      performed: random.chance(0.5),
    };
    return {
      ...this.#runOf(`${job}-${this.#runs}`, job, eventTime),
      skewMs: faulty && random.chance(0.2) ? random.between(-90, 90) * 1000 : 0,
      faults: new FaultSchedule(`${this.#seed}/${this.#runs}`, rates),
      ...(faulty && random.chance(0.12) ? { crash } : {}),
    };
  }

  /** A run without faults. */
  #runOf(id: string, job: Job, eventTime: number): Run {
    return {
      id,
      job,
      config: configOf(this.#files),
      eventTime,
      skewMs: 0,
      faults: new FaultSchedule(id, { rate: 0 }),
      began: this.#system.now(),
      calls: 0,
      sleptMs: 0,
    };
  }

  async #compare(): Promise<void> {
    this.#ledger.compare(await this.#system.actualState());
  }

  /** Stops all faults. Everything must recover. */
  async #recover(): Promise<void> {
    this.#log('all faults stop');
    this.#changeBehavior(usualBehavior);
    if (this.#ledger.newer) this.#writeNewer(undefined);
    this.#unfit.end();
    for (const what of this.#ledger.suspended) await this.#suspendOrResume(what);
    while (this.#slips.size > 0) this.#slipOrCorrect();
    await this.#confirm();
    if (this.#ledger.closed.isClosed) await this.#open();
    await recover({
      pass: (durationMs) => this.#system.pass(durationMs),
      invoke: (job, eventTime = this.#system.now()) => this.#invoke(job, eventTime, { rate: 0 }),
      compare: () => this.#compare(),
      config: configOf(this.#files),
      ledger: this.#ledger,
    });
  }

  #log(what: string): void {
    this.#timeline.push(`${iso(this.#system.now()).slice(0, 16)} ${what}`);
  }
}

type ByHandKind = 'adopted' | 'copy' | 'keep' | 'index';

const ADDED_INDEX = 'ByHand';

function performByHand(byHand: ByHand, kind: ByHandKind, name: string): Promise<boolean> {
  if (kind === 'keep') return byHand.keep(name);
  return kind === 'index' ? byHand.addIndex(name, ADDED_INDEX) : byHand.remake(name, kind);
}
