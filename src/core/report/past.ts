/** What the history tells about tables and holds. */
import type { Hold } from '../plan.ts';
import type { AgedHold, PastEvent, PastReport } from './model.ts';

/** The events of an environment, the oldest first, and the holds that are open; or why they are not known. */
export type Past =
  | { readonly events: readonly PastEvent[]; readonly open: readonly OpenSince[] }
  | { readonly unknown: string };

/** A hold that has begun and not ended. */
export interface OpenSince extends Pick<Hold, 'group' | 'table' | 'reason'> {
  /** Epoch milliseconds. */
  readonly since: number;
}

/** When a table was created, its deletion scheduled, and it was deleted, as far as that is known; epoch milliseconds. */
export interface LifeTimes {
  readonly createdAt?: number;
  readonly scheduledAt?: number;
  readonly deletedAt?: number;
}

/** What the history tells of tables by name, and since when holds last, epoch milliseconds. */
export interface PastTimes {
  readonly tables: ReadonlyMap<string, LifeTimes>;
  readonly heldSince: (hold: Hold) => number | undefined;
}

const identityOf = ({ group = '', table = '', reason = '' }: Partial<PastEvent>): string =>
  `${group} ${table} ${reason}`;

/** What an event changes of a table's life. A table can be created again, and a scheduled deletion canceled. */
const changes: Readonly<Record<string, (at: number) => LifeTimes>> = {
  create: (createdAt) => ({ createdAt, scheduledAt: undefined, deletedAt: undefined }),
  'schedule-deletion': (scheduledAt) => ({ scheduledAt }),
  'cancel-deletion': () => ({ scheduledAt: undefined }),
  delete: (deletedAt) => ({ deletedAt }),
};

export function timesIn(past: Past): PastTimes {
  const { events, open } = 'events' in past ? past : { events: [], open: [] };
  const tables = new Map<string, LifeTimes>();
  for (const { kind, table, at } of events) {
    const change = table === undefined ? undefined : changes[kind]?.(Date.parse(at));
    if (table !== undefined && change) tables.set(table, { ...tables.get(table), ...change });
  }
  const begun = new Map(open.map((hold) => [identityOf(hold), hold.since]));
  return { tables, heldSince: (hold) => begun.get(identityOf(hold)) };
}

/** The oldest first. A shortage says itself since when it lasts. */
export function agedHolds(holds: readonly Hold[], { heldSince }: PastTimes): AgedHold[] {
  const aged = holds.map((hold): AgedHold => {
    const { kind, group, table, reason, message, urgent = false, shortage } = hold;
    const began = heldSince(hold);
    const since = shortage?.since ?? (began === undefined ? null : new Date(began).toISOString());
    return { kind, group, table, reason, message, since, urgent };
  });
  const ageOf = ({ since }: AgedHold): number => (since === null ? Infinity : Date.parse(since));
  return aged.sort((a, b) => (ageOf(a) === ageOf(b) ? 0 : ageOf(a) - ageOf(b)));
}

/** A page has so many events. */
const MOST_EVENTS = 3000;

export function pastReport(past: Past): PastReport {
  if ('unknown' in past) return { events: [], omitted: 0, unknown: past.unknown };
  const { events } = past;
  return {
    events: events.slice(-MOST_EVENTS).reverse(),
    omitted: Math.max(0, events.length - MOST_EVENTS),
  };
}
