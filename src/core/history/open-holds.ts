/** The holds of a job that have begun and not ended. They are remembered from run to run. */
import type { Hold } from '../plan.ts';

/** A hold that has begun. Times are epoch milliseconds. */
export interface OpenHold extends Pick<Hold, 'group' | 'table' | 'reason'> {
  readonly held: Hold['kind'];
  readonly since: number;
  /** When a run last had it. It can be older by half of the time that holds linger, so that few runs have to store it. */
  readonly seenAt: number;
}

/** Which holds count as ended if a run does not have them. */
export interface Endings {
  /** How long a job can go without a decision on a table that it looks at, because it reads metrics now and then. */
  readonly lingerMs: number;
  /** Whether the run has looked at a table, so that what it does not hold is not held. */
  readonly looksAt: (table: string) => boolean;
}

/** What began and what ended in a run, and what is open after it. */
export interface Continued {
  readonly begun: readonly Hold[];
  readonly ended: readonly OpenHold[];
  readonly open: readonly OpenHold[];
  /** Whether `open` has to be stored. */
  readonly changed: boolean;
}

type Identity = Pick<Hold, 'group' | 'table' | 'reason'>;

/** The same hold has the same identity in every run, however its figures change. */
export const identityOf = ({ group, table, reason }: Identity): string => `${group} ${table} ${reason}`;

const byIdentity = <T extends Identity>(all: readonly T[]): Map<string, T> => {
  const found = new Map<string, T>();
  for (const one of all) if (!found.has(identityOf(one))) found.set(identityOf(one), one);
  return found;
};

/** Compares the holds of a run at `now`, epoch milliseconds, with those that were open before. */
export function continueHolds(
  before: readonly OpenHold[],
  holds: readonly Hold[],
  now: number,
  { lingerMs, looksAt }: Endings,
): Continued {
  const known = byIdentity(before);
  const present = byIdentity(holds);
  const begun = [...present.values()].filter((hold) => !known.has(identityOf(hold)));
  const isOver = (hold: OpenHold): boolean =>
    !present.has(identityOf(hold)) && looksAt(hold.table) && now - hold.seenAt >= lingerMs;
  const ended = [...known.values()].filter(isOver);
  let changed = begun.length + ended.length > 0;
  const continued = [...known.values()]
    .filter((hold) => !isOver(hold))
    .map((hold): OpenHold => {
      const isSeen = present.has(identityOf(hold));
      if (!isSeen || now - hold.seenAt < lingerMs / 2 || lingerMs === 0) return hold;
      changed = true;
      return { ...hold, seenAt: now };
    });
  const opened = begun.map(({ kind, group, table, reason }): OpenHold => {
    return { held: kind, group, table, reason, since: now, seenAt: now };
  });
  return { begun, ended, open: [...continued, ...opened], changed };
}

/** The open holds as a text. */
export const storableHolds = (open: readonly OpenHold[]): string => JSON.stringify(open);

/** The valid open holds of a stored text. What is invalid began with the next run. */
export function holdsFrom(text = '[]'): OpenHold[] {
  try {
    const stored: unknown = JSON.parse(text);
    return Array.isArray(stored) ? stored.filter(isOpenHold) : [];
  } catch {
    return [];
  }
}

function isOpenHold(value: unknown): value is OpenHold {
  const hold = (value ?? {}) as Partial<Record<keyof OpenHold, unknown>>;
  const texts = [hold.group, hold.table, hold.reason, hold.held];
  const times = [hold.since, hold.seenAt];
  return (
    texts.every((text) => typeof text === 'string') &&
    times.every((time) => typeof time === 'number' && !Number.isNaN(new Date(time).getTime()))
  );
}
