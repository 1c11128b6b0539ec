import { MINUTE_MS } from '../core/calendar/period.ts';
import { type Dimension, LATE_MS, LOOKBACK_MINUTES, type Minute } from '../core/capacity/demand.ts';
import type { LearningMethod, MethodInput, Served, StatelessMethod } from '../core/capacity/method.ts';
import { isRefusing, PAUSE_MINUTES } from '../core/capacity/refusals.ts';
import {
  decided,
  hiddenThrottleAt,
  isAlert,
  isDue,
  learned,
  type Series,
  seeksThrottles,
} from '../core/capacity/series.ts';
import { cooldownEnd } from '../core/scaling/limits/cooldown.ts';
import { lateUntil, silentSince } from '../core/scaling/limits/silence.ts';
import type { Replay } from './replay.ts';
import { settingDefaults } from './setting-defaults.ts';
import { type SimulationOptions, simulate, type View } from './simulate.ts';

type Seen = Pick<View, 't' | 'now' | 'consumed' | 'throttled'>;

/** The minutes [from, to) as a method gets them. */
function minutesSince({ t, now, consumed, throttled }: Seen, from: number, to = t): Minute[] {
  const minutes: Minute[] = [];
  for (let i = Math.max(0, from); i < to; i++)
    minutes.push({ at: now - (t - i) * MINUTE_MS, consumed: consumed[i]!, throttled: throttled[i]! });
  return minutes;
}

/** When a run of the Lambda decides that sees the same minutes, epoch milliseconds. */
export const runAt = ({ now }: Pick<Seen, 'now'>): number => now + MINUTE_MS;

/** Whether metrics might be late after minutes without demand, so that the Lambda lowers nothing. */
const mightBeLate = (silentSince: number | undefined, view: Seen): boolean =>
  silentSince !== undefined && runAt(view) < lateUntil(silentSince);

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

  /** The capacity that the method wants, units per second, for a table whose period started `age` minutes ago. */
  units(view: Standing, age?: number): number {
    const { t, now, provisioned, lastIncrease, decreases } = view;
    const { lastDecrease } = decreases;
    this.metricReads += 2;
    const minutes = minutesSince(view, t - Math.min(age ?? t, LOOKBACK_MINUTES));
    const periodStart = age === undefined ? -Infinity : now - age * MINUTE_MS;
    const scaling = this.#scaling;
    const { units } = this.#method.decide({ now, minutes, provisioned, lastIncrease, lastDecrease, scaling });
    const since = silentSince(minutes, periodStart, this.#method.silentMinutes);
    const held = now < cooldownEnd(lastIncrease) || isRefusing(minutes) || mightBeLate(since, view);
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

type Scaled = Seen &
  Pick<View, 'provisioned' | 'capacity' | 'decreases'> & {
    /** Whether this is the run in which the table's period begins. */
    readonly begins?: boolean;
  };

/** A method that learns, as the scale Lambda runs it. The method decides when it reads metrics again. */
export class LearningScaler<Memory> {
  metricReads = 0;
  readonly #learner: LearningMethod<Memory>;
  readonly #dimension: Dimension;
  readonly #reliance: number | undefined;
  readonly #tolerable: number | undefined;
  #series: Series<Memory> | undefined;
  /** What was learned up to the last minute whose throttles were read. */
  #checked: Series<Memory> | undefined;
  /** Start of the newest minute that was throttled at low consumption, epoch milliseconds. */
  #throttledAt: number | undefined;
  /** The number of the minute after the newest one with demand. */
  #dataEnd = 0;

  constructor(learner: LearningMethod<Memory>, options: SimulationOptions) {
    this.#learner = learner;
    this.#dimension = options.dimension ?? 'write';
    this.#reliance = options.burstReliance;
    this.#tolerable = options.tolerable;
  }

  /** The capacity that the method wants, units per second. Until the next sample, it is the present one. */
  units(view: Scaled): number {
    const { t, now, provisioned, decreases } = view;
    if (t === 0 || !isDue(this.#series, now)) return provisioned;
    if (this.#end(view) === (this.#series?.age ?? 0)) {
      this.metricReads += 1;
      return provisioned;
    }
    const moment = { now, provisioned, decreases, reliance: this.#reliance, tolerable: this.#tolerable };
    let seen = this.#learned(view, this.#readsThrottles(view));
    let decision = decided(this.#learner, seen.series, moment, now, this.#dimension);
    if (decision.proposal.units < provisioned && !seen.checked) {
      // Nothing is lowered before it is known whether requests were throttled.
      seen = this.#learned(view, true);
      decision = decided(this.#learner, seen.series, moment, now, this.#dimension);
    }
    this.metricReads += seen.checked ? 2 : 1;
    const { units } = decision.proposal;
    const held = units < provisioned && (view.begins || this.#mightBeLate(view) || this.isThrottled(view));
    // A decrease that did not happen must not end the wait for the next decrease.
    this.#series = {
      ...decision.series,
      ...(held && { memory: seen.series.memory }),
      ...(isAlert(this.#throttledAt, now) && { sampleAt: now + MINUTE_MS }),
    };
    if (seen.checked) this.#checked = this.#series;
    return held ? provisioned : units;
  }

  /** Whether requests were throttled in the newest minutes, so that nothing is lowered. */
  isThrottled(view: Seen): boolean {
    return isRefusing(minutesSince(view, view.t - PAUSE_MINUTES));
  }

  /** The end of the newest minute with demand that was read, epoch milliseconds. */
  dataUntil({ t, now }: Pick<Seen, 't' | 'now'>): number {
    return now - (t - this.#dataEnd) * MINUTE_MS;
  }

  /** The minutes that are known. A minute without demand has no datapoint, which might only be late. */
  #end({ t, consumed }: Scaled): number {
    const learned = this.#series?.age ?? 0;
    for (let i = learned + 1; i <= t; i++) if (consumed[i - 1]! > 0) this.#dataEnd = i;
    return Math.max(this.#dataEnd, learned, t - LATE_MS / MINUTE_MS);
  }

  #mightBeLate(view: Scaled): boolean {
    const silentMinutes = view.t - this.#dataEnd;
    const since = view.now - silentMinutes * MINUTE_MS;
    return mightBeLate(silentMinutes >= this.#learner.silentMinutes ? since : undefined, view);
  }

  #readsThrottles(view: Scaled): boolean {
    const known = this.#series;
    if (!known) return true;
    const minutes = unchecked(minutesSince(view, known.age, this.#end(view)));
    if (this.#learner.mayHaveThrottled(known.memory, minutes, servedIn(view))) return true;
    const seen = { checkedTo: this.#checked!.learnedTo, throttledAt: this.#throttledAt };
    return seeksThrottles(known, seen, view.now);
  }

  /** The series with the minutes since the last sample. If earlier ones were throttled, they are learned again. */
  #learned(view: Scaled, checked: boolean): { readonly series: Series<Memory>; readonly checked: boolean } {
    const known = this.#series;
    const from = checked ? this.#checked : known;
    const end = this.#end(view);
    const all = minutesSince(view, from?.age ?? 0, end);
    const isNews =
      from !== known && all.some(({ throttled }, i) => throttled > 0 && from!.age + i < known!.age);
    const before = isNews ? { ...known!, ...from!, sampled: known!.sampled! } : known;
    const minutes = minutesSince(view, before?.age ?? 0, end);
    if (checked) {
      const throttled = minutes.filter((minute) => minute.throttled > 0);
      this.#throttledAt = hiddenThrottleAt(throttled, servedIn(view), () => true) ?? this.#throttledAt;
    }
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
export function replayOfLearner<Memory>(learner: LearningMethod<Memory>): Replay {
  return (series, options) => {
    const scaler = new LearningScaler(learner, options);
    const simulation = simulate(series, (view) => scaler.units(view), options);
    return { ...simulation, metricReads: scaler.metricReads };
  };
}
