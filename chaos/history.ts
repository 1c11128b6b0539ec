import { iso } from '../src/core/calendar/instant.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import type { Suspendable } from '../src/core/observed.ts';
import type { Job } from '../src/core/plan.ts';
import { aClimate } from './climate.ts';
import type { Ledger, Violation } from './ledger.ts';
import { aHandMadeTable, configOf, edited, type Files } from './operator.ts';
import type { Random } from './random.ts';
import { recover } from './recovery.ts';
import { currentName } from './rules.ts';
import type { Crash, Run } from './run.ts';
import type { Stage } from './stage.ts';
import { type Climate, Weather } from './weather.ts';
import { sayGroup, sayRun } from './words.ts';

export interface Told {
  readonly faults: number;
  /** How often each kind of fault was met, and each kind of trouble besides. */
  readonly met: ReadonlyMap<string, number>;
  readonly crashes: number;
  readonly runs: number;
  readonly checks: number;
  readonly violations: readonly Violation[];
  readonly counts: Ledger['counts'];
  /** What happened, step by step. */
  readonly timeline: readonly string[];
}

/** Tells a history step by step: what happens, and what the ledger says to it. */
export class Teller {
  readonly #seed: string;
  readonly #random: Random;
  readonly #stage: Stage;
  readonly #ledger: Ledger;
  readonly #timeline: string[] = [];
  #files: Files;
  #climate: Climate = { rate: 0 };
  readonly #met = new Map<string, number>();
  #runs = 0;
  #faults = 0;
  #crashes = 0;
  #lastPurge = 0;

  constructor(seed: string, files: Files, random: Random, stage: Stage, ledger: Ledger) {
    this.#seed = seed;
    this.#random = random;
    this.#stage = stage;
    this.#ledger = ledger;
    this.#files = files;
    stage.edit(files);
  }

  told(): Told {
    const { checks, violations, counts } = this.#ledger;
    const [faults, crashes, runs, timeline] = [this.#faults, this.#crashes, this.#runs, this.#timeline];
    return { faults, met: this.#met, crashes, runs, checks, violations, counts, timeline };
  }

  async tell(end: number): Promise<void> {
    this.#say(`begins with ${this.#files.tables.map(sayGroup).join(', ')}`);
    while (this.#stage.now() < end && this.#ledger.violations.length === 0) {
      await this.#step();
      await this.#compare();
      await this.#stage.pass(this.#random.between(10, 13 * 60) * MINUTE_MS);
    }
    if (this.#ledger.violations.length === 0) await this.#calm();
  }

  async #step(): Promise<void> {
    const random = this.#random;
    if (random.chance(0.25)) this.#changeClimate();
    if (random.chance(0.06)) this.#edit();
    if (random.chance(0.04)) await this.#makeByHand();
    const [suspended] = this.#ledger.stopped;
    if (random.chance(suspended ? 0.25 : 0.04)) await this.#pullSwitch(suspended);
    if (random.chance(0.8)) await this.#invoke('rotate');
    const purge = this.#stage.now() - this.#lastPurge >= DAY_MS || random.chance(0.05);
    if (purge) await this.#purge();
    if (random.chance(0.12)) await this.#busyHour();
    if (random.chance(0.08)) await this.#together();
    if (random.chance(0.05)) await this.#late();
    if (random.chance(0.04)) await this.#wrongClock();
    if (this.#stage.embedded && random.chance(0.1)) await this.#halfWritten();
  }

  #meet(what: string, times = 1): void {
    this.#met.set(what, (this.#met.get(what) ?? 0) + times);
  }

  #changeClimate(): void {
    const { what, climate } = aClimate(this.#files, this.#random);
    this.#climate = climate;
    this.#say(`weather: ${what}`);
  }

  #edit(): void {
    const { files, what } = edited(this.#files, this.#random);
    this.#files = files;
    this.#stage.edit(files);
    this.#ledger.edited(configOf(files));
    this.#meet('edit');
    this.#say(`edit: ${what}`);
  }

  /** A run that reads a file while it is being written must do nothing at all. */
  async #halfWritten(): Promise<void> {
    this.#meet('half-written file');
    this.#stage.edit(this.#files, true);
    const run = await this.#invoke(
      this.#random.pick(['rotate', 'purge', 'scale'] as const),
      this.#stage.now(),
      { rate: 0 },
    );
    const refused = run.outcome?.kind === 'error' && run.outcome.name === 'ConfigError' && run.calls === 0;
    this.#ledger.check(refused, 'half-written', `${run.id} ran on half a file`);
    this.#stage.edit(this.#files);
  }

  async #makeByHand(): Promise<void> {
    const name = aHandMadeTable(this.#files, this.#stage.now(), this.#random);
    if (!(await this.#stage.makeByHand(name))) return;
    this.#ledger.handMade(name);
    this.#meet('hand-made table');
    this.#say(`by hand: ${name}`);
  }

  /** Purging or lowering is stopped at once, or goes on. */
  async #pullSwitch(what: Suspendable = this.#random.pick(['purging', 'lowering'] as const)): Promise<void> {
    this.#meet('stop or resume');
    const { stopped } = this.#ledger;
    if (stopped.delete(what)) await this.#stage.state.resume(what);
    else {
      stopped.add(what);
      await this.#stage.state.suspend({ what, since: this.#stage.now(), reason: 'chaos' });
    }
    this.#say(`${what}: ${stopped.has(what) ? 'suspended' : 'resumed'}`);
  }

  async #purge(): Promise<void> {
    this.#lastPurge = this.#stage.now();
    await this.#invoke('purge');
  }

  /** Traffic for half an hour, and scale every other minute. */
  async #busyHour(): Promise<void> {
    const random = this.#random;
    const units = random.pick([0, 3, 40, 150, 900]);
    const { specs } = configOf(this.#files);
    const { tables } = await this.#stage.truth();
    const current = specs
      .map((spec) => currentName(spec, this.#stage.now()))
      .filter((name) => tables.has(name));
    this.#say(`traffic: ${units}/s on ${current.join(', ')}`);
    const minutes = random.between(6, 18);
    for (let minute = 0; minute < minutes; minute += 1) {
      await this.#stage.traffic(current, units * (0.5 + random.next()));
      await this.#stage.pass(MINUTE_MS);
      if (minute % 3 === 2) await this.#invoke('scale');
    }
  }

  /** One event delivered twice, or two jobs at once, side by side. */
  async #together(): Promise<void> {
    this.#meet('overlap');
    const first = this.#random.pick(['rotate', 'purge', 'scale'] as const);
    const second = this.#random.chance(0.6)
      ? first
      : this.#random.pick(['rotate', 'purge', 'scale'] as const);
    await Promise.all([this.#invoke(first), this.#invoke(second)]);
    if (!this.#random.chance(0.5)) return;
    this.#meet('repeated event');
    await this.#invoke(first);
  }

  /** An event that comes long after its time. */
  async #late(): Promise<void> {
    this.#meet('late event');
    const ageMs = this.#random.pick([
      5 * MINUTE_MS,
      HOUR_MS,
      6 * HOUR_MS,
      23 * HOUR_MS,
      2 * DAY_MS,
      9 * DAY_MS,
    ]);
    await this.#invoke(this.#random.pick(['rotate', 'purge', 'scale'] as const), this.#stage.now() - ageMs);
  }

  /** A machine whose clock is hours or days wrong, and that runs jobs by it. */
  async #wrongClock(): Promise<void> {
    this.#meet('wrong clock');
    const byMs =
      this.#random.pick([-1, 1]) * this.#random.pick([10 * MINUTE_MS, HOUR_MS, DAY_MS, 9 * DAY_MS]);
    const run = this.#newRun(
      this.#random.pick(['rotate', 'purge', 'scale'] as const),
      this.#stage.now() + byMs,
      { rate: 0 },
    );
    await this.#play({ ...run, skewMs: byMs });
  }

  async #invoke(job: Job, eventTime = this.#stage.now(), climate = this.#climate): Promise<Run> {
    return this.#play(this.#newRun(job, eventTime, climate));
  }

  async #play(run: Run): Promise<Run> {
    run.outcome = await this.#stage.run(run);
    this.#ledger.ended(run);
    this.#faults += run.weather.injected + (run.outcome.kind === 'crashed' ? 1 : 0);
    this.#crashes += run.outcome.kind === 'crashed' ? 1 : 0;
    if (run.outcome.kind === 'crashed') this.#meet(this.#stage.embedded ? 'killed process' : 'abandoned run');
    if (run.skewMs !== 0) this.#meet('skewed clock');
    for (const [kind, times] of run.weather.kinds) this.#meet(kind, times);
    this.#say(sayRun(run));
    return run;
  }

  #newRun(job: Job, eventTime: number, climate: Climate): Run {
    const random = this.#random;
    this.#runs += 1;
    const rough = climate.rate > 0;
    const crash: Crash = {
      atCall: random.between(1, random.pick([4, 12, 40])),
      performed: random.chance(0.5),
    };
    return {
      id: `${job}-${this.#runs}`,
      job,
      config: configOf(this.#files),
      eventTime,
      skewMs: rough && random.chance(0.2) ? random.between(-90, 90) * 1000 : 0,
      weather: new Weather(`${this.#seed}/${this.#runs}`, climate),
      ...(rough && random.chance(0.12) ? { crash } : {}),
      began: this.#stage.now(),
      calls: 0,
      sleptMs: 0,
    };
  }

  async #compare(): Promise<void> {
    this.#ledger.compare(await this.#stage.truth());
  }

  /** The faults stop, and everything has to come right. */
  async #calm(): Promise<void> {
    this.#say('the faults stop');
    for (const what of this.#ledger.stopped) await this.#pullSwitch(what);
    await recover({
      pass: (durationMs) => this.#stage.pass(durationMs),
      invoke: (job, eventTime = this.#stage.now()) => this.#invoke(job, eventTime, { rate: 0 }),
      compare: () => this.#compare(),
      config: configOf(this.#files),
      ledger: this.#ledger,
    });
  }

  #say(what: string): void {
    this.#timeline.push(`${iso(this.#stage.now()).slice(0, 16)} ${what}`);
  }
}
