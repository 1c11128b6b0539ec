import type { Line, Series } from './series.ts';

/** A rate in units per second. */
export const rateText = (units: number): string =>
  units.toLocaleString('en', { maximumFractionDigits: units < 10 ? 1 : 0 });

/** `2026-11-24 09:00`, or the date alone. */
export const timeText = ({ start }: Series, minute: number, dateOnly = false): string =>
  new Date(start + minute * 60_000)
    .toISOString()
    .slice(0, dateOnly ? 10 : 16)
    .replace('T', ' ');

/** The text above the chart while the pointer is on a minute. */
export function minuteText(series: Series, shown: readonly Line[], pointer: number): string {
  const minute = Math.min(series.minutes - 1, Math.max(0, Math.floor(pointer)));
  const capacities = shown.map(({ name, capacity, throttled }) => {
    const lost = throttled[minute]! > 0 ? `, throttled ${rateText(throttled[minute]!)}/s` : '';
    return `${name} ${rateText(capacity[minute]!)}/s${lost}`;
  });
  const demand = `demand ${rateText(series.demand[minute]!)}/s`;
  return [`${timeText(series, minute)} UTC`, demand, ...capacities].join('   ·   ');
}

/** The text above the chart while the pointer is elsewhere. */
export const rangeText = (series: Series, from: number, to: number): string =>
  `${timeText(series, from)} to ${timeText(series, to)} UTC`;
