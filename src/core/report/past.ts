/** What the history tells about tables and holds. */
import type { Hold } from '../plan.ts';
import type { AgedHold, PastEvent, PastReport } from './model.ts';

/** The events of an environment, the oldest first; or why they are not known. */
export type Past = { readonly events: readonly PastEvent[] } | { readonly unknown: string };

/** When tables were deleted and holds began, epoch milliseconds. */
export interface PastTimes {
  readonly deletedAt: ReadonlyMap<string, number>;
  readonly heldSince: (hold: Hold) => number | undefined;
}

const identityOf = ({ group = '', table = '', reason = '' }: Partial<PastEvent>): string =>
  `${group} ${table} ${reason}`;

export function timesIn(past: Past): PastTimes {
  const deletedAt = new Map<string, number>();
  const begun = new Map<string, number>();
  for (const event of 'events' in past ? past.events : []) {
    const at = Date.parse(event.at);
    if (event.kind === 'delete' && event.table !== undefined) deletedAt.set(event.table, at);
    if (event.kind === 'create' && event.table !== undefined) deletedAt.delete(event.table);
    if (event.kind === 'hold-begun') begun.set(identityOf(event), at);
    if (event.kind === 'hold-ended') begun.delete(identityOf(event));
  }
  return { deletedAt, heldSince: (hold) => begun.get(identityOf(hold)) };
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
