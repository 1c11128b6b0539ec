import { replays } from '../../src/backtest/methods.ts';
import { type DemandSeries, sum } from '../../src/backtest/trace.ts';
import type { Stretch } from '../../src/core/capacity/burst.ts';

/** Demand whose seconds differ: the base, and a burst in some minutes. Units per second. */
export interface Uneven {
  readonly base: number;
  readonly burst: number;
  /** Seconds of a burst. */
  readonly seconds: number;
  /** A burst once in this many minutes. Default: every minute. */
  readonly every?: number;
  /** The minute of the first burst. Default: the first one. */
  readonly from?: number;
  /** What base and bursts are multiplied with in a minute. Default: 1. */
  readonly factor?: (minute: number) => number;
}

const SECONDS = 60;

/** Hours of such demand, from a midnight in UTC. */
export function unevenSeries(
  name: string,
  { base, burst, seconds, every = 1, from = 0, factor = () => 1 }: Uneven,
  hours: number,
): DemandSeries {
  const within = (t: number): Stretch[] => {
    const now = factor(t);
    const even = { seconds: SECONDS, demand: base * now };
    if (t < from || (t - from) % every !== 0) return [even];
    return [
      { seconds, demand: burst * now },
      { seconds: SECONDS - seconds, demand: base * now },
    ];
  };
  const demand = Float64Array.from({ length: hours * 60 }, (_, t) =>
    within(t).reduce((sum, stretch) => sum + (stretch.demand * stretch.seconds) / SECONDS, 0),
  );
  return { name, start: Date.parse('2026-11-21T00:00:00Z'), demand, within };
}

const tenSeconds: Uneven = { base: 320, burst: 2_000, seconds: 10 };

/** Worlds with uneven demand: what they do, and the seconds of unused capacity that their tables retain as burst capacity. */
export const unevenWorlds: readonly (Uneven & { readonly name: string; readonly burstSeconds: number })[] = [
  { name: 'ten seconds of each minute', ...tenSeconds, burstSeconds: 0 },
  { name: 'five seconds of each minute', ...tenSeconds, seconds: 5, burstSeconds: 0 },
  { name: 'one second of each minute', ...tenSeconds, seconds: 1, burstSeconds: 0 },
  { name: 'ten seconds of every other minute', ...tenSeconds, every: 2, burstSeconds: 0 },
  { name: 'ten seconds of every fifth minute', ...tenSeconds, every: 5, burstSeconds: 0 },
  { name: 'ten seconds, 5 seconds of burst capacity', ...tenSeconds, burstSeconds: 5 },
  { name: 'ten seconds, half of burst capacity', ...tenSeconds, burstSeconds: 150 },
  { name: 'ten seconds, from the second day on', ...tenSeconds, from: 1_457, burstSeconds: 0 },
  { name: 'ten seconds, with days and nights', ...tenSeconds, factor: daily, burstSeconds: 0 },
];

const HOURS = 72;

/** In the first hour of bursts, and later: percent of demand that a method throttles, and capacity / demand. */
export function unevenCells(world: (typeof unevenWorlds)[number], method: string): string[] {
  const series = unevenSeries(world.name, world, HOURS);
  const { throttled, capacity } = replays[method]!(series, world);
  const began = world.from ?? 0;
  const part = (values: Float64Array, from: number, to: number): number =>
    sum(values.subarray(from, to)) / sum(series.demand.subarray(from, to));
  const hours = [
    [began, began + 60],
    [began + 60, HOURS * 60],
  ] as const;
  return hours.map(
    ([from, to]) =>
      `${(100 * part(throttled, from, to)).toFixed(3)} / ${part(capacity, from, to).toFixed(3)}`,
  );
}

function daily(minute: number): number {
  return 1 + 0.5 * Math.sin((minute / 1440) * 2 * Math.PI);
}
