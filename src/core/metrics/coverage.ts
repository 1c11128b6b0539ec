import { HOUR_MS } from '../calendar/period.ts';
import { neededTables, type Table } from '../fleet.ts';
import { knownClosing } from '../guards/closing.ts';
import type { Observed } from '../observed.ts';
import type { Spec } from '../spec.ts';

/** How far the existing tables of a group reach. */
export interface Coverage {
  /** Milliseconds until a period starts whose table does not exist. Infinity without periods. */
  readonly coveredMs: number;
  /** Whether the next table, or the current one, should exist already. */
  readonly late: boolean;
  /** The first table that does not exist. */
  readonly missing?: string;
}

/** The next table has to exist so long before its period, or this part of a shorter period. */
const LEAD_MS = HOUR_MS;
const LEAD_PART = 1 / 4;
const SHORT_MS = 4 * HOUR_MS;

/**
 * What a group's tables cover at `now`, epoch milliseconds; undefined if it has no table yet, because rotate has not run, or if its
 * environment is closed.
 */
export function coverageOf(
  spec: Spec,
  tables: readonly Table[],
  observed: Observed,
  now: number,
): Coverage | undefined {
  if (tables.length === 0 || knownClosing(observed, spec, now)) return undefined;
  const needed = neededTables(spec, now);
  const missing = needed.find(({ name }) => !exists(name, observed));
  if (!missing) return { coveredMs: Math.max(...needed.map(({ period }) => period.end)) - now, late: false };
  const { start, end } = missing.period;
  return {
    coveredMs: Math.max(0, start - now),
    late: now >= start - leadOf(end - start),
    missing: missing.name,
  };
}

const leadOf = (periodMs: number): number => (periodMs < SHORT_MS ? periodMs * LEAD_PART : LEAD_MS);

/** A table that is being deleted does not count, although AWS still lists it. */
const exists = (name: string, observed: Observed): boolean => {
  const reading = observed.get('description', name);
  if (!observed.names.has(name)) return false;
  return (
    !reading || 'error' in reading || (reading.value !== undefined && reading.value.status !== 'DELETING')
  );
};
