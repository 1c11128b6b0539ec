import pMap from 'p-map';
import { ATTEMPTS, attemptsAfter, storableAttempts, unknownAttempts } from '../core/attempts.ts';
import { type Remembered, storable } from '../core/capacity/remembered.ts';
import type { RetentionUpdate, SeenKind } from '../core/facts.ts';
import { messageOf } from '../core/failure.ts';
import { membersOf, requiredTables, straysOf } from '../core/fleet.ts';
import { seenAfter } from '../core/guards/seen-ownership.ts';
import type { Observed } from '../core/observed.ts';
import { toldAt } from '../core/purging/notices.ts';
import { undeliveredAfter } from '../core/rotating/delivery.ts';
import { servedGroups } from '../core/scaling/groups.ts';
import { throttledAfter } from '../core/scaling/watch.ts';
import {
  SIGHTINGS,
  sameSightings,
  storableSightings,
  UNDELIVERED,
  unknownSightings,
} from '../core/sightings.ts';
import type { Config } from '../core/spec.ts';
import { sightingsAfter } from '../core/usability.ts';
import type { Ports, StateStore } from '../ports.ts';
import { keepParsed } from './parsed-before.ts';
import type { MadePlan } from './planning.ts';
import type { Result } from './round.ts';

const CONCURRENT_WRITES = 8;

/**
 * Stores what a run leaves for the next one: what was learned, and the retentions. Tells people of shorter retentions. If that
 * fails, returns why.
 * The next run then learns it again from metrics, and applies the same retentions.
 */
export async function remember(
  { learned, retentions, observed }: Pick<MadePlan, 'learned' | 'retentions' | 'observed'>,
  ports: Ports,
): Promise<string | undefined> {
  const { state } = ports;
  const failures = [
    ...(await storedDemand(learned, observed, state)),
    ...(await stored('the retention', retentions, (group, update) => recordOrTell(group, update, ports))),
  ];
  return failures.length === 0 ? undefined : failures.join(' ');
}

/** What could not be read can be of a newer version, which each write of one record finds out. */
async function storedDemand(
  learned: MadePlan['learned'],
  { unreadMemories }: Observed,
  state: StateStore,
): Promise<string[]> {
  const what = 'learned demand';
  if (unreadMemories !== undefined)
    return stored(what, learned, (group, one) => state.remember(group, textOf(group, one)));
  if (learned.size === 0) return [];
  const texts = new Map([...learned].map(([group, one]) => [group, textOf(group, one)]));
  const failure = await whyNot(what, state.rememberAll(texts));
  return failure === undefined ? [] : [failure];
}

function textOf(group: string, one: Remembered): string {
  const { text, value } = storable(one);
  keepParsed(group, text, value);
  return text;
}

/** Stores a retention. A shorter one is stored only after people were told about it, and then with the time of that. */
async function recordOrTell(
  group: string,
  update: RetentionUpdate,
  { state, notices, clock }: Ports,
): Promise<void> {
  if ('record' in update) return state.recordRetention(group, update.record);
  if (!notices) return;
  await notices.publish(update.notice);
  const announced = { ...update.shorter, toldAt: toldAt(clock.now()) };
  await state.recordRetention(group, { ...update.applied, announced });
}

/** Why not everything could be stored, in at most one sentence. */
async function stored<T>(
  what: string,
  byGroup: ReadonlyMap<string, T>,
  store: (group: string, one: T) => Promise<void>,
): Promise<string[]> {
  const failures: string[] = [];
  const attempt = ([group, one]: readonly [string, T]) =>
    store(group, one).catch((error: unknown) => {
      failures.push(`Could not store ${what}: ${messageOf(error)}`);
    });
  await pMap(byGroup, attempt, { concurrency: CONCURRENT_WRITES });
  return failures.slice(0, 1);
}

/**
 * Stores since when tables and replicas cannot be used or changed, and which tables are throttled that no method raises or whose
 * period has ended. A steady fleet has none, so nothing is written. If that fails, returns why. The next run then sees them for the first
 * time.
 */
export async function rememberSightings(
  config: Config,
  observed: Observed,
  { state }: Ports,
  now: number,
): Promise<string | undefined> {
  const groups = servedGroups(config, observed, now);
  const refused = new Set(groups.flatMap((group) => group.refused?.tables ?? []));
  const tables = new Set([...groups.flatMap((group) => group.tables), ...refused]);
  const sightings = new Map([
    ...throttledAfter(observed, [...tables], now),
    ...sightingsAfter(observed, [...tables], now, refused),
  ]);
  if (sameSightings(sightings, observed.sightings)) return undefined;
  if (observed.sightings === unknownSightings)
    return whyUnread('since when tables have been unusable or busy', observed);
  return whyNot(
    'since when tables have been unusable or busy',
    state.remember(SIGHTINGS, storableSightings(sightings)),
  );
}

/**
 * Stores since when changes of tables do not reach a consumer, and which data streams a run has enabled, until they are ACTIVE. If
 * that fails, returns why. The next run then sees them for the first time.
 */
export async function rememberUndelivered(
  config: Config,
  observed: Observed,
  results: readonly Result[],
  { state }: Ports,
  now: number,
): Promise<string | undefined> {
  const enabled = results.filter(
    ({ action, outcome }) => action.kind === 'enable-destination' && outcome === 'applied',
  );
  const tables = config.specs.flatMap((spec) => requiredTables(spec, now));
  const seen = undeliveredAfter(observed, tables, new Set(enabled.map(({ action }) => action.table)), now);
  if (sameSightings(seen, observed.undelivered)) return undefined;
  const what = 'since when consumers have got no changes';
  if (observed.undelivered === unknownSightings) return whyUnread(what, observed);
  return whyNot(what, state.remember(UNDELIVERED, storableSightings(seen)));
}

/**
 * Stores which raises a run has sent, and what AWS answered. A run without raises writes nothing. If that fails, returns why.
 * The next run then sends them for the first time.
 */
export async function rememberAttempts(
  observed: Observed,
  results: readonly Result[],
  { state }: Ports,
  now: number,
): Promise<string | undefined> {
  const tried = results
    .filter(({ outcome }) => outcome !== 'skipped' && outcome !== 'postponed')
    .map(({ action, error = 'AWS accepted it.' }) => ({ action, answer: error }));
  const text = storableAttempts(attemptsAfter(observed, tried, now));
  if (text === storableAttempts(observed.attempts)) return undefined;
  if (observed.attempts === unknownAttempts) return whyUnread('the tries of raises', observed);
  return whyNot('the tries of raises', state.remember(ATTEMPTS, text));
}

/**
 * Why what is to be stored is not known from earlier runs; undefined if they are not to know it. It is not stored then, because
 * that would replace the times in the record.
 */
const whyUnread = (what: string, { unreadMemories }: Observed): string | undefined =>
  unreadMemories === undefined ? undefined : `Could not read ${what}: ${unreadMemories}`;

/** Why something could not be stored; undefined if it was. */
const whyNot = (what: string, storing: Promise<void>): Promise<string | undefined> =>
  storing.then(
    () => undefined,
    (error: unknown) => `Could not store ${what}: ${messageOf(error)}`,
  );

/**
 * Stores which tags the run has seen, for the groups whose tags it has read. A steady fleet writes once a day and table, and purge
 * only if it has unmanaged tables.
 * If that fails, returns why. The next run then reads the tags again.
 */
export async function rememberSeen(
  kind: SeenKind,
  config: Config,
  observed: Observed,
  { state }: Ports,
  now: number,
): Promise<string | undefined> {
  const failures: string[] = [];
  const strays = straysOf(config, observed.names, now);
  await pMap(
    membersOf(config, observed.names, now),
    async ([spec, tables]) => {
      const seen = seenAfter(observed, kind, spec, tables, strays.get(spec) ?? [], now);
      if (!seen) return;
      await state.rememberSeen(kind, spec.name, seen).catch((error: unknown) => {
        failures.push(messageOf(error));
      });
    },
    { concurrency: CONCURRENT_WRITES },
  );
  const [first] = failures;
  return first === undefined ? undefined : `Could not store which tables have ownership tags: ${first}`;
}
