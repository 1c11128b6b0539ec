/**
 * Which tables have had their ownership tags seen within a day. AWS allows about 10 reads of tags per second in an account, so
 * rotate and scale read the tags of a table about once a day. Purge reads those of managed tables in every run, and those of unmanaged
 * ones once a day too, because these only hold deletions.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../calendar/period.ts';
import { sayUntil } from '../calendar/rotation.ts';
import { spread } from '../calendar/spread.ts';
import type { Facts, SeenKind, SeenOwnership, TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import type { Spec } from '../spec.ts';
import { TOLERATED_MS } from './clock-check.ts';
import { foreignBy } from './foreign.ts';
import { disowned } from './ownership.ts';

/** Tags are read again at a time of day of the table's own, far from midnight, when most periods start. */
const FIRST_HOUR_MS = 7 * HOUR_MS;
const MINUTES = 600;
/** Tags that were seen less than this before are not read again at that time. */
const SOONEST_MS = 6 * HOUR_MS;
/** Tags are read by then if nothing has been seen of them: before the capacity of the next period is needed. */
const BEFORE_PERIOD_MS = 2 * HOUR_MS;

/** The first time of day of a table, by TableId, at or after an instant. Epoch milliseconds. */
function ownTime(id: string, from: number): number {
  const ofDay = FIRST_HOUR_MS + spread(id, MINUTES) * MINUTE_MS;
  const today = Math.floor(from / DAY_MS) * DAY_MS + ofDay;
  return today >= from ? today : today + DAY_MS;
}

/** Until when a table counts as seen: a day at most. Epoch milliseconds. */
export const seenUntil = (id: string, seenAt: number): number =>
  Math.min(seenAt + DAY_MS, ownTime(id, seenAt + SOONEST_MS));

/** The tables that still count as seen at `now`. A time in the future counts for nothing. */
export function stillSeen({ schemes, seenAt }: SeenOwnership, now: number): SeenOwnership {
  const valid = ([id, at]: [string, number]): boolean => at <= now + TOLERATED_MS && now < seenUntil(id, at);
  return { schemes, seenAt: new Map([...seenAt].filter(valid)) };
}

/** The schemes of a group, as in `weekly until 2026-11-30, daily`: the scheme of a period follows from them. */
const schemesOf = ({ scheme, previously }: Spec): string =>
  [...previously.map((one) => `${one.scheme} until ${sayUntil(one.until)}`), scheme].join(', ');

/** Whether the tags of a table have been seen; undefined until that is read. */
export function isSeen(observed: Observed, spec: Spec, { id }: TableState): boolean | undefined {
  const ownership = observed.seen('ownership');
  const group = ownership?.get(spec.name);
  return ownership && group?.schemes === schemesOf(spec) && group.seenAt.has(id);
}

/** Since when a table counts as unmanaged, and until when its tags are not read again. Epoch milliseconds. */
interface Unmanaged {
  readonly seenAt: number;
  readonly until: number;
}

/** A table whose tags showed that Turntable does not manage it; undefined if that is not known. It permits nothing. */
export function seenUnmanaged(
  observed: Observed,
  kind: SeenKind,
  spec: Spec,
  { id }: Pick<TableState, 'id'>,
): Unmanaged | undefined {
  const group = observed.seen(kind)?.get(spec.name);
  const key = unmanagedKey(id);
  const seenAt = group?.schemes === schemesOf(spec) ? group.seenAt.get(key) : undefined;
  return seenAt === undefined ? undefined : { seenAt, until: seenUntil(key, seenAt) };
}

const UNMANAGED = 'unmanaged ';

/** The key of an unmanaged table beside the TableIds of managed ones, so that it never counts as one of these. */
const unmanagedKey = (id: string): string => `${UNMANAGED}${id}`;

const isUnmanagedKey = (key: string): boolean => key.startsWith(UNMANAGED);

/** What is remembered of a group without an unmanaged table, because it gets its tags; undefined if nothing is. */
export function withoutUnmanaged(
  seen: SeenOwnership | undefined,
  { id }: Pick<TableState, 'id'>,
): SeenOwnership | undefined {
  const key = unmanagedKey(id);
  if (!seen?.seenAt.has(key)) return undefined;
  return { ...seen, seenAt: new Map([...seen.seenAt].filter(([one]) => one !== key)) };
}

/** The key of a replica. It is another one if the replica is created again. */
const replicaKey = (region: string, { id, createdAt }: Pick<TableState, 'id' | 'createdAt'>): string =>
  `${region} ${id} ${createdAt}`;

/** Whether the tags of a replica have been seen, by its own description; undefined until that is read. */
export function isReplicaSeen(
  observed: Observed,
  spec: Spec,
  region: string,
  replica: TableState,
): boolean | undefined {
  const ownership = observed.seen('ownership');
  const group = ownership?.get(spec.name);
  return ownership && group?.schemes === schemesOf(spec) && group.seenAt.has(replicaKey(region, replica));
}

/** The replicas whose tags a run has read, and that have their ownership tags. */
const replicasSeen = (observed: Observed, spec: Spec, { name, period }: Table): string[] =>
  spec.replicas.flatMap(({ region }) => {
    const tags = observed.known('tags', name, region);
    const state = observed.known('description', name, region);
    return tags && state && !disowned(spec, period, name, tags) ? [replicaKey(region, state)] : [];
  });

/** The tags of a new or restored table might be missing for a while, so that they are read again. */
const TAGGED_LATE_MS = HOUR_MS;

const mayBeTagged = ({ createdAt, restoring }: TableState, now: number): boolean =>
  restoring === true || now - createdAt < TAGGED_LATE_MS;

/**
 * Whether the unseen tags of a table are due to be read, so that no change has to wait for them later. Most tables are
 * created just after midnight, all at once. Their tags wait for their own time of that day, and others do not.
 */
export function isDueToBeSeen({ period }: Table, { id, createdAt }: TableState, now: number): boolean {
  const atNight = createdAt % DAY_MS < FIRST_HOUR_MS;
  const from = atNight ? ownTime(id, createdAt) : createdAt;
  return now >= Math.min(from, period.start - BEFORE_PERIOD_MS);
}

/**
 * What to store of a group after a run that has read tags; undefined if there is nothing new. `strays` are names that
 * only another scheme could have. Their tags have been seen if they do not show such a scheme.
 */
export function seenAfter(
  observed: Observed,
  kind: SeenKind,
  spec: Spec,
  tables: readonly Table[],
  strays: readonly string[],
  now: number,
): SeenOwnership | undefined {
  const seen = (name: string, keyOf: (state: TableState, tags: Facts['tags']) => string | undefined) => {
    const tags = observed.known('tags', name);
    const state = observed.known('description', name);
    const key = tags && state && keyOf(state, tags);
    return key === undefined ? [] : [[key, now] as const];
  };
  const unmanaged = (name: string, state: TableState, tags: Facts['tags']) =>
    foreignBy(spec, name, tags) || mayBeTagged(state, now) ? undefined : unmanagedKey(state.id);
  const schemes = schemesOf(spec);
  const known = observed.seen(kind)?.get(spec.name);
  const before = known?.schemes === schemes ? known.seenAt : new Map<string, number>();
  const shown = [
    ...tables.flatMap(({ name, period }) =>
      seen(name, (state, tags) =>
        disowned(spec, period, name, tags) ? unmanaged(name, state, tags) : state.id,
      ),
    ),
    ...tables.flatMap((table) => replicasSeen(observed, spec, table).map((key) => [key, now] as const)),
    ...strays.flatMap((name) =>
      seen(name, (state, tags) => {
        if (kind === 'unmanaged') return unmanaged(name, state, tags);
        return foreignBy(spec, name, tags) ? undefined : state.id;
      }),
    ),
  ];
  const keys = new Set(shown.map(([key]) => key));
  // An unmanaged table got its tags.
  const outdated = new Set(
    [...tables.map(({ name }) => name), ...strays]
      .flatMap((name) => seen(name, ({ id }) => unmanagedKey(id)))
      .flatMap(([key]) => (before.has(key) && !keys.has(key) ? key : [])),
  );
  const added = shown.filter(([key]) => kind === 'ownership' || (isUnmanagedKey(key) && !before.has(key)));
  if (added.length + outdated.size === 0) return undefined;
  const left = [...before].filter(([key]) => !outdated.has(key));
  return { schemes, seenAt: new Map([...left, ...added]) };
}
