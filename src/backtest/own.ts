import { MINUTE_MS } from '../core/calendar/period.ts';
import { LOOKBACK_MINUTES, type Minute } from '../core/capacity/demand.ts';
import type { Learner, MethodInput, StatelessMethod } from '../core/capacity/method.ts';
import { isRefusing, PAUSE_MINUTES } from '../core/capacity/refusals.ts';
import {
  decided,
  isDue,
  learned,
  mayHaveThrottled,
  type Series,
  type Served,
  seeksThrottles,
} from '../core/capacity/series.ts';
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
  readonly #reliance: number | undefined;
  #series: Series<Memory> | undefined;

  constructor(learner: Learner<Memory>, { burstReliance }: SimulationOptions) {
    this.#learner = learner;
    this.#reliance = burstReliance;
  }

  /** The capacity that the method wants, units per second. Until the next sample, it is the present one. */
  units(view: Scaled): number {
    const { t, now, provisioned, capacity, decreases } = view;
    const known = this.#series;
    if (t === 0 || !isDue(known, now)) return provisioned;
    const minutes = minutesSince(view, known?.age ?? 0);
    const served: Served = (at) => capacity[t - (now - at) / MINUTE_MS]!;
    const throttles = mayHaveThrottled(minutes, served) || (known !== undefined && seeksThrottles(known));
    this.metricReads += throttles ? 2 : 1;
    const series = learned(this.#learner, known, minutes, served)!;
    const moment = { now, provisioned, decreases, reliance: this.#reliance };
    const decision = decided(this.#learner, series, moment, now);
    const { units } = decision.proposal;
    // Nothing is lowered before it is known whether requests were throttled.
    if (units < provisioned && !throttles) this.metricReads += 1;
    const held = units < provisioned && isRefusing(minutesSince(view, t - PAUSE_MINUTES));
    // A decrease that did not happen must not end the wait for the next decrease.
    this.#series = held ? { ...decision.series, memory: series.memory } : decision.series;
    return held ? provisioned : units;
  }
}

/** Replays a series through a method that learns. */
export function replayOfLearner<Memory>(learner: Learner<Memory>): Replay {
  return (series, options) => {
    const scaler = new LearningScaler(learner, options);
    const simulation = simulate(series, (view) => scaler.units(view), options);
    return { ...simulation, metricReads: scaler.metricReads };
  };
}
