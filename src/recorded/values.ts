import { HIGHEST, instantOf as instantIn } from '../backtest/trace-csv.ts';

/** Epoch milliseconds of ISO 8601, or of an epoch in seconds or milliseconds, as text or as a number. */
export function instantOf(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' ? instantIn(text) : undefined;
}

/** Whether a number can be a demand or a sum of it. */
export const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= HIGHEST;

/** A value of a file for a message, truncated. */
export function written(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
