/** Entries of the history as texts, and back. */
import { parseInstant } from '../calendar/instant.ts';
import { allEntryKinds, type Entry, type EntryKind } from './entry.ts';

/** An entry to store. */
export interface StoredEntry {
  /** Sorts by time, and differs between all entries. */
  readonly id: string;
  readonly entry: string;
  /** Epoch milliseconds. DynamoDB then deletes it. */
  readonly expiresAt: number;
}

/** The open holds of a job, to store. */
export interface StoredOpen {
  readonly job: string;
  readonly open: string;
}

/** Zeros that keep the entries of a run in their order. */
const DIGITS = 5;

/** `owner` is unique for each invocation. `retainMs`: how long an entry is retained. */
export const storableEntries = (
  entries: readonly Entry[],
  owner: string,
  retainMs: number,
  from = 0,
): StoredEntry[] =>
  entries.map((entry, i) => ({
    id: `${entry.at} ${owner} ${String(from + i).padStart(DIGITS, '0')}`,
    entry: JSON.stringify(entry),
    expiresAt: Date.parse(entry.at) + retainMs,
  }));

/** The texts that an entry about a table has, besides those of its kind. */
const OF_TABLE = ['at', 'job', 'group', 'table', 'reason'];

/** The texts of the kinds that are no applied actions. */
const fields: Readonly<Partial<Record<EntryKind, readonly string[]>>> = {
  failed: [...OF_TABLE, 'action', 'error'],
  'hold-begun': [...OF_TABLE, 'held', 'message'],
  'hold-ended': [...OF_TABLE, 'held', 'since'],
  command: ['at', 'command', 'by', 'message'],
};

/** undefined if the text is not a valid entry. */
export function entryFrom(text: string): Entry | undefined {
  try {
    const stored = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const kind = allEntryKinds.find((one) => one === stored.kind);
    if (!kind) return undefined;
    const texts = fields[kind] ?? [...OF_TABLE, 'message'];
    const times = [stored.at, ...(kind === 'hold-ended' ? [stored.since] : [])];
    const valid =
      texts.every((name) => typeof stored[name] === 'string') &&
      times.every((time) => parseInstant(String(time)) !== undefined);
    return valid ? (stored as unknown as Entry) : undefined;
  } catch {
    return undefined;
  }
}
