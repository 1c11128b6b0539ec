/** What of a run people are told, and what they were told before. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../calendar/period.ts';
import { holdBegun, holdEnded, type RunEntry } from '../history/of-run.ts';
import { identityOf, type OpenHold, type OpenRecord } from '../history/open-holds.ts';
import { causes, isUnrequested } from '../metrics/hold-causes.ts';
import type { NoticeKind } from '../notice.ts';
import type { Hold, Job } from '../plan.ts';

/** An event that people are told. `key`: what they are told of at most once a day. */
export interface News {
  readonly entry: RunEntry;
  readonly key?: string;
}

/** What a run knows of its holds. */
export interface HoldsOfRun {
  readonly job: Job;
  /** All holds of the run. */
  readonly present: readonly Hold[];
  readonly open: readonly OpenHold[];
  readonly ended: readonly OpenHold[];
  /** When people were last told, by key. */
  readonly told: OpenRecord['told'];
}

/** The actions that a run has applied, of the kinds that people want to know. Each happens once, so each is told. */
export const newsOfActions = (entries: readonly RunEntry[], kinds: readonly NoticeKind[]): News[] =>
  entries.filter(({ kind }) => kind !== 'failed' && kinds.includes(kind)).map((entry) => ({ entry }));

/** The failed actions that people have not been told of within a day. A failing action is tried again by each run. */
export function newsOfFailures(
  entries: readonly RunEntry[],
  told: OpenRecord['told'],
  kinds: readonly NoticeKind[],
  now: number,
): News[] {
  if (!kinds.includes('failed')) return [];
  return entries.flatMap((entry) => {
    if (entry.kind !== 'failed') return [];
    const key = `failed ${entry.group} ${entry.table} ${entry.action}`;
    return isDue(key, told, now) ? [{ entry, key }] : [];
  });
}

/**
 * The unrequested holds that began or ended. A hold that begins again within a day of its last notice is told
 * when that day is over, if it still stands then. The end of a hold is told if its beginning was.
 */
export function newsOfHolds(run: HoldsOfRun, kinds: readonly NoticeKind[], now: number): News[] {
  const { job, present, open, ended, told } = run;
  const tellsBegun = kinds.includes('hold-begun');
  const known = new Map(open.map((hold) => [identityOf(hold), hold]));
  const begun = unique(present.filter(isUnrequested)).flatMap((hold): News[] => {
    const key = identityOf(hold);
    const standing = known.get(key);
    if (!tellsBegun || !standing || standing.told || !isDue(key, told, now)) return [];
    return [{ entry: holdBegun(hold, standing.since), key }];
  });
  const isTold = (hold: OpenHold): boolean =>
    tellsBegun
      ? hold.told === true
      : causes[hold.reason] === 'unrequested' && isDue(identityOf(hold), told, now);
  const over = kinds.includes('hold-ended') ? ended.filter(isTold) : [];
  return [...begun, ...over.map((hold) => ({ entry: holdEnded(job, hold, now), key: identityOf(hold) }))];
}

/** A table can have two holds of one reason, such as of its reads and of its writes. */
function unique(holds: readonly Hold[]): Hold[] {
  const seen = new Set<string>();
  return holds.filter((hold) => !seen.has(identityOf(hold)) && seen.add(identityOf(hold)));
}

/**
 * Whether a day has passed. Times are whole minutes, so that a run at the same time of the next day is not some seconds too early.
 * A time far in the future is of a wrong clock.
 */
const isDue = (key: string, told: OpenRecord['told'], now: number): boolean =>
  Math.abs(now - (told[key] ?? Number.NEGATIVE_INFINITY)) >= DAY_MS;

/** When people were last told of the same in another job, by key. `told`: of each other job. */
export function toldElsewhere(
  news: readonly News[],
  told: readonly OpenRecord['told'][],
  now: number,
): OpenRecord['told'] {
  const found = news.flatMap(({ key }): [string, number][] => {
    const times =
      key === undefined ? [] : told.flatMap((one) => (isDue(key, one, now) ? [] : (one[key] ?? [])));
    return key === undefined || times.length === 0 ? [] : [[key, Math.max(...times)]];
  });
  return Object.fromEntries(found);
}

/** What is known after notices were sent. */
export interface Outcome {
  readonly sent: readonly News[];
  /** What people might have been told. It is not repeated within a day either, but is told after it. */
  readonly unknown: readonly News[];
  /** What was not sent. It is tried again after an hour, so that a broken topic does not make each run write. */
  readonly rejected: readonly News[];
}

/** The open record after people were told. Times that no longer matter are left out. */
export function afterTelling(
  { holds, told }: OpenRecord,
  { sent, unknown, rejected }: Outcome,
  now: number,
): OpenRecord {
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const keysOf = (news: readonly News[]) => news.flatMap(({ key }) => key ?? []);
  const known = new Set(keysOf(sent));
  return {
    holds: holds.map((hold) => (known.has(identityOf(hold)) ? { ...hold, told: true } : hold)),
    told: Object.fromEntries([
      ...Object.entries(told).filter(([key]) => !isDue(key, told, now)),
      ...[...known, ...keysOf(unknown)].map((key) => [key, minute]),
      ...keysOf(rejected).map((key) => [key, minute - DAY_MS + HOUR_MS]),
    ]),
  };
}
