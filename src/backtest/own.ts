import { MINUTE_MS } from '../core/calendar/period.ts';
import { type Dimension, LOOKBACK_MINUTES, type Minute } from '../core/capacity/demand.ts';
import type { Learner, MethodInput, Served, StatelessMethod } from '../core/capacity/method.ts';
import { isRefusing, PAUSE_MINUTES } from '../core/capacity/refusals.ts';
import { decided, isDue, learned, type Series, seeksThrottles } from '../core/capacity/series.ts';
import { cooldownEnd } from '../core/scaling/limits/cooldown.ts';
import type { Replay } from './replay.ts';
import { settingDefaults } from './setting-defaults.ts';
import { type SimulationOptions, simulate, type View } from './simulate.ts';

type Seen = Pick<View, 't' | 'now' | 'consumed' | 'throttled'>;

/** The minutes [from, t) as a method gets them. */
function minutesSince({ t, now, consumed, throttled }: Seen, from: number): Minute[] {
  const minutes: Minute[] = [];
  for (let i = Math.max(0, from); i < t; i++)
    minutes.push({ at: now - (t - i) * MINUTE_MS, consumed: consumed[i]!, throttled: throttled[i]! });
  return minutes;
}

type Standing = Seen & Pick<View, 'provisioned' | 'decreases' | 'lastIncrease'>;

/** A method without a memory, as the scale Lambda runs it. */
export class StatelessScaler {
  metricReads = 0;
  readonly #method: StatelessMethod;
  readonly #scaling: MethodInput['scaling'];

  constructor(method: StatelessMethod, { targetUtilization, step }: SimulationOptions) {
    this.#method = method;
    this.#scaling = {
      targetUtilization: targetUtilization ?? settingDefaults.targetUtilization,
      step: step ?? settingDefaults.step,
    };
  }

  /** The capacity that the method wants, units per second, for a table that is `age` minutes old. */
  units(view: Standing, age = view.t): number {
    const { t, now, provisioned, lastIncrease, decreases } = view;
    const { lastDecrease } = decreases;
    this.metricReads += 2;
    const minutes = minutesSince(view, t - Math.min(age, LOOKBACK_MINUTES));
    const scaling = this.#scaling;
    const { units } = this.#method.decide({ now, minutes, provisioned, lastIncrease, lastDecrease, scaling });
    const held = now < cooldownEnd(lastIncrease) || isRefusing(minutes);
    return units < provisioned && held ? provisioned : units;
  }
}

/** Replays a series through a method without a memory, with the code that the Lambda runs. */
export function replayOf(method: StatelessMethod): Replay {
  return (series, options) => {
    const scaler = new StatelessScaler(method, options);
    const simulation = simulate(series, (view) => scaler.units(view), options);
    return { ...simulation, metricReads: scaler.metricReads };
  };
}

type Scaled = Seen & Pick<View, 'provisioned' | 'capacity' | 'decreases'>;

/** A method that learns, as the scale Lambda runs it. The method decides when it reads metrics again. */
export class LearningScaler<Memory> {
  metricReads = 0;
  readonly #learner: Learner<Memory>;
  readonly #dimension: Dimension;
  readonly #reliance: number | undefined;
  #series: Series<Memory> | undefined;
  /** What was learned up to the last minute whose throttles were read. */
  #checked: Series<Memory> | undefined;

  constructor(learner: Learner<Memory>, { burstReliance, dimension = 'write' }: SimulationOptions) {
    this.#learner = learner;
    this.#dimension = dimension;
    this.#reliance = burstReliance;
  }

  /** The capacity that the method wants, units per second. Until the next sample, it is the present one. */
  units(view: Scaled): number {
    const { t, now, provisioned, decreases } = view;
    if (t === 0 || !isDue(this.#series, now)) return provisioned;
    const moment = { now, provisioned, decreases, reliance: this.#reliance };
    let seen = this.#learned(view, this.#readsThrottles(view));
    let decision = decided(this.#learner, seen.series, moment, now, this.#dimension);
    if (decision.proposal.units < provisioned && !seen.checked) {
      // Nothing is lowered before it is known whether requests were throttled.
      seen = this.#learned(view, true);
      decision = decided(this.#learner, seen.series, moment, now, this.#dimension);
    }
    this.metricReads += seen.checked ? 2 : 1;
    const { units } = decision.proposal;
    const held = units < provisioned && isRefusing(minutesSince(view, t - PAUSE_MINUTES));
    // A decrease that did not happen must not end the wait for the next decrease.
    this.#series = held ? { ...decision.series, memory: seen.series.memory } : decision.series;
    if (seen.checked) this.#checked = this.#series;
    return held ? provisioned : units;
  }

  #readsThrottles(view: Scaled): boolean {
    const known = this.#series;
    if (!known) return true;
    const minutes = unchecked(minutesSince(view, known.age));
    if (this.#learner.mayHaveThrottled(known.memory, minutes, servedIn(view))) return true;
    return seeksThrottles(known, this.#checked!.learnedTo, view.now);
  }

  /** The series with the minutes since the last sample. If earlier ones were throttled, they are learned again. */
  #learned(view: Scaled, checked: boolean): { readonly series: Series<Memory>; readonly checked: boolean } {
    const known = this.#series;
    const from = checked ? this.#checked : known;
    const all = minutesSince(view, from?.age ?? 0);
    const isNews =
      from !== known && all.some(({ throttled }, i) => throttled > 0 && from!.age + i < known!.age);
    const before = isNews ? { ...known!, ...from!, sampled: known!.sampled! } : known;
    const minutes = minutesSince(view, before?.age ?? 0);
    const learnable = checked ? minutes : unchecked(minutes);
    return { series: learned(this.#learner, before, learnable, servedIn(view))!, checked };
  }
}

const servedIn =
  ({ t, now, capacity }: Scaled): Served =>
  (at) =>
    capacity[t - (now - at) / MINUTE_MS]!;

/** Minutes whose throttles are not read. */
const unchecked = (minutes: readonly Minute[]): Minute[] =>
  minutes.map((minute) => ({ ...minute, throttled: 0 }));

/** Replays a series through a method that learns. */
export function replayOfLearner<Memory>(learner: Learner<Memory>): Replay {
  return (series, options) => {
    const scaler = new LearningScaler(learner, options);
    const simulation = simulate(series, (view) => scaler.units(view), options);
    return { ...simulation, metricReads: scaler.metricReads };
  };
}
