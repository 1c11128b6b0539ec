import { quote } from '../config/quote.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/calendar/period.ts';
import { UsageError } from './failure.ts';

const units: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS };
const LONGEST_MS = 10 * 366 * DAY_MS;

/** Converts `90m`, `12h`, `3d` or `2w` to milliseconds. @throws UsageError */
export function durationOption(option: string, text: string): number {
  const [, count, unit] = /^([1-9]\d{0,5})([mhdw])$/.exec(text) ?? [];
  const durationMs = Number(count) * (units[unit ?? ''] ?? Number.NaN);
  if (durationMs <= LONGEST_MS) return durationMs;
  throw new UsageError(
    `${option} ${quote(text)} is not a valid duration of up to ten years. Use a form such as 90m, 12h, 3d, or 2w.`,
  );
}
