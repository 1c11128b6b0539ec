/** Entries of the history as a report shows them. */
import type { Entry } from '../history/entry.ts';
import { openFrom } from '../history/open-holds.ts';
import { entryFrom } from '../history/stored.ts';
import type { PastEvent } from './model.ts';
import type { Past } from './past.ts';

/**
 * What the history tells. `texts`: its entries in the time of the report, the oldest first. `open`: the stored open holds of
 * each job, which can have begun before that time.
 */
export const pastFrom = (texts: readonly string[], open: readonly (string | undefined)[]): Past => ({
  events: texts.flatMap((text) => {
    const entry = entryFrom(text);
    return entry ? [eventOf(entry)] : [];
  }),
  open: open.flatMap((text) => openFrom(text).holds),
});

function eventOf(entry: Entry): PastEvent {
  if (entry.kind === 'command') {
    const { at, kind, group, by, message } = entry;
    return { at, kind, message, by, ...(group !== undefined && { group }) };
  }
  const { at, kind, group, table, reason } = entry;
  return { at, kind, group, table, reason, message: messageOf(entry) };
}

function messageOf(entry: Exclude<Entry, { kind: 'command' }>): string {
  switch (entry.kind) {
    case 'failed':
      return `${entry.action} failed: ${entry.error}`;
    case 'hold-begun':
      return `${entry.held} held: ${entry.message}`;
    case 'hold-ended':
      return `${entry.held} is no longer held.`;
    default:
      return entry.message;
  }
}
