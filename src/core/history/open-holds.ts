/** The holds of a job that have begun and not ended. They are remembered from run to run. */
import type { Hold } from '../plan.ts';

/** A hold that has begun. Times are epoch milliseconds. */
export interface OpenHold extends Pick<Hold, 'group' | 'table' | 'reason'> {
  readonly held: Hold['kind'];
  readonly since: number;
  /** When a run last had it. It can be older by half of the time that holds linger, so that few runs have to store it. */
  readonly seenAt: number;
  /** Whether people were told that it began. */
  readonly told?: true;
}

/** What is remembered of a job between its runs. */
export interface OpenRecord {
  readonly holds: readonly OpenHold[];
  /** When people were last told of a hold or of a failure, by what it is; epoch milliseconds. */
  readonly told: Readonly<Record<string, number>>;
}

export const nothingOpen: OpenRecord = { holds: [], told: {} };

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

/** The open record as a text. */
export const storableOpen = (record: OpenRecord): string => JSON.stringify(record);

/** The valid parts of a stored text. A hold that is invalid begins with the next run. */
export function openFrom(text: string | undefined): OpenRecord {
  try {
    const { holds, told } = JSON.parse(text ?? '{}') as Partial<Record<keyof OpenRecord, unknown>>;
    const times = Object.entries(typeof told === 'object' && told !== null ? told : {});
    return {
      holds: Array.isArray(holds) ? holds.filter(isOpenHold) : [],
      told: Object.fromEntries(times.filter(([, time]) => isTime(time))),
    };
  } catch {
    return nothingOpen;
  }
}

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && !Number.isNaN(new Date(value).getTime());

function isOpenHold(value: unknown): value is OpenHold {
  const hold = (value ?? {}) as Partial<Record<keyof OpenHold, unknown>>;
  const texts = [hold.group, hold.table, hold.reason, hold.held];
  return texts.every((text) => typeof text === 'string') && isTime(hold.since) && isTime(hold.seenAt);
}
