import { MINUTE_MS } from '../core/calendar/period.ts';
import { LOOKBACK_MINUTES, type Minute } from '../core/capacity/demand.ts';
import type { Learner, MethodInput, StatelessMethod } from '../core/capacity/method.ts';
import {
  decided,
  isDue,
  learned,
  mayHaveThrottled,
  type Series,
  type Served,
  seeksHotPartitions,
} from '../core/capacity/series.ts';
import { cooldownEnd } from '../core/scaling/limits/cooldown.ts';
import { dynamicDynamodbDefaults } from './peers/dynamic-dynamodb.ts';
import type { Replay } from './replay.ts';
import { type SimulationOptions, simulate, type View } from './simulate.ts';

/** What settings have unless told otherwise. */
const defaults: MethodInput['scaling'] = {
  targetUtilization: 70,
  step: dynamicDynamodbDefaults,
};

type Seen = Pick<View, 't' | 'now' | 'consumed' | 'throttled'>;

/** The minutes [from, t) as a method sees them. */
function minutesSince({ t, now, consumed, throttled }: Seen, from: number): Minute[] {
  const minutes: Minute[] = [];
  for (let i = Math.max(0, from); i < t; i++)
    minutes.push({ at: now - (t - i) * MINUTE_MS, consumed: consumed[i]!, throttled: throttled[i]! });
  return minutes;
}

type Standing = Seen & Pick<View, 'provisioned' | 'decreases' | 'lastIncrease'>;

/** A method that keeps nothing, at work as it is in the Lambda. */
export class Following {
  metricReads = 0;
  readonly #method: StatelessMethod;
  readonly #scaling: MethodInput['scaling'];

  constructor(method: StatelessMethod, { targetUtilization, step }: SimulationOptions) {
    this.#method = method;
    this.#scaling = {
      targetUtilization: targetUtilization ?? defaults.targetUtilization,
      step: step ?? defaults.step,
    };
  }

  /** Wanted capacity, units per second, by what was seen of a table that is `age` minutes old. */
  units(view: Standing, age = view.t): number {
    const { t, now, provisioned, lastIncrease, decreases } = view;
    const { lastDecrease } = decreases;
    this.metricReads += 2;
    const minutes = minutesSince(view, t - Math.min(age, LOOKBACK_MINUTES));
    const scaling = this.#scaling;
    const { units } = this.#method.decide({ now, minutes, provisioned, lastIncrease, lastDecrease, scaling });
    return units < provisioned && now < cooldownEnd(lastIncrease) ? provisioned : units;
  }
}

/** Replays a series through a method that keeps nothing: the very code that the Lambda runs. */
export function replayOf(method: StatelessMethod): Replay {
  return (series, options) => {
    const following = new Following(method, options);
    const simulation = simulate(series, (view) => following.units(view), options);
    return { ...simulation, metricReads: following.metricReads };
  };
}

type Scaled = Seen & Pick<View, 'provisioned' | 'capacity' | 'decreases'>;

/** A method that learns, at work as it is in the Lambda: it says itself when it wants to look again. */
export class Learning<Memory> {
  metricReads = 0;
  readonly #learner: Learner<Memory>;
  readonly #reliance: number | undefined;
  #series: Series<Memory> | undefined;

  constructor(learner: Learner<Memory>, { burstReliance }: SimulationOptions) {
    this.#learner = learner;
    this.#reliance = burstReliance;
  }

  /** Wanted capacity, units per second; what is provisioned until the next look. */
  units(view: Scaled): number {
    const { t, now, provisioned, capacity, decreases } = view;
    const known = this.#series;
    if (t === 0 || !isDue(known, now)) return provisioned;
    const minutes = minutesSince(view, known?.age ?? 0);
    const served: Served = (at) => capacity[t - (now - at) / MINUTE_MS]!;
    const throttles = mayHaveThrottled(minutes, served) || (known !== undefined && seeksHotPartitions(known));
    this.metricReads += throttles ? 2 : 1;
    const series = learned(this.#learner, known, minutes, served)!;
    const moment = { now, provisioned, decreases, reliance: this.#reliance };
    const decision = decided(this.#learner, series, moment, now);
    this.#series = decision.series;
    return decision.proposal.units;
  }
}

/** Replays a series through a method that learns. */
export function replayOfLearner<Memory>(learner: Learner<Memory>): Replay {
  return (series, options) => {
    const learning = new Learning(learner, options);
    const simulation = simulate(series, (view) => learning.units(view), options);
    return { ...simulation, metricReads: learning.metricReads };
  };
}
