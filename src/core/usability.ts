/** Whether a current or upcoming table can be used and changed. */
import { sayInstant } from './calendar/instant.ts';
import { MINUTE_MS } from './calendar/period.ts';
import type { PartState, Replica, Sighting, TableState } from './facts.ts';
import { isNeeded, type Table } from './fleet.ts';
import { knownClosing } from './guards/closing.ts';
import type { Observed } from './observed.ts';
import { combined, type HoldBody, holding, nothing, type Outcome } from './outcome.ts';
import { withoutService } from './shortage.ts';
import type { TableContext, UndescribedTable } from './table-context.ts';
import { traitsOf } from './table-status.ts';
import { changedAt, isBuilding, partsOf, raisesBuilding, USUAL_CHANGE_MS } from './throughput.ts';

/**
 * Holds for a current or upcoming table that cannot be used, or that stays busy. `atOnce`: a table that needs an
 * operator makes the run fail even if that has not lasted, because the next run of the job is not soon.
 */
export function usability(context: TableContext, { atOnce }: { readonly atOnce: boolean }): Outcome {
  if (!isNeeded(context.table)) return nothing;
  return combined(tableUsability(context, atOnce), ...replicaHolds(context, atOnce), ...indexHolds(context));
}

/** The hold for a retained table whose period has ended, if applications can no longer read it. It makes no run fail. */
export function retainedUsability({ table, state }: Pick<TableContext, 'table' | 'state'>): Outcome {
  const { passes, cause, cure } = traitsOf(state.status);
  if (passes || (table.phase !== 'draining' && table.phase !== 'outdated')) return nothing;
  const message = `The table is ${state.status}. ${whatOf(state, cause)} ${cure}`;
  return holding({ kind: 'use', reason: 'table-unusable', message });
}

function tableUsability(context: TableContext, atOnce: boolean): Outcome {
  const { table, state, now } = context;
  const { status } = state;
  if (status === 'ACTIVE') return stuckHold(context);
  const { passes, cause, cure } = traitsOf(status);
  const since = statusSince(context);
  // CreateTable takes less than a minute or two, and an import or a restore can take hours.
  const slow = state.restoring === true || (status === 'CREATING' && now - since >= CREATES_MS);
  const needsHelp = !passes || slow || status === 'DELETING';
  const serves = status === 'UPDATING';
  const hold: HoldBody = {
    kind: 'use',
    reason: serves ? 'table-busy' : 'table-unusable',
    message: `The table has been ${status} since ${sayInstant(since)}${serves ? ' and cannot be changed' : ''}. ${whatOf(state, cause)} ${cure}`,
    ...(needsHelp && atOnce && { urgent: true }),
  };
  const lasting = unusableSince(context.observed, table.name, status, since);
  const held = withoutService(hold, serves ? 'busy' : 'unusable', lasting, table, now);
  // A new or changed table is busy for a moment.
  return needsHelp || held.urgent ? holding(held) : nothing;
}

type Undecided = Pick<UndescribedTable, 'observed' | 'table' | 'now'>;

/**
 * The hold for a current or upcoming table that does not exist. The first run that sees this does not count it, because AWS
 * shows a new table some seconds late. A plan for a person then has the creation of the table instead.
 */
export function absence({ observed, table, now }: Undecided): Outcome {
  const sighting = sightingOf(observed, table.name, MISSING);
  if (!sighting && observed.thorough) return nothing;
  const since = sighting?.since ?? now;
  const hold: HoldBody = {
    kind: 'use',
    reason: 'table-unusable',
    message: `The table has been missing since ${sayInstant(since)}. Rotate creates it. If it is still missing after the next run of rotate, see why that run failed.`,
  };
  if (!sighting) return holding(hold);
  const lasting = unusableSince(observed, table.name, MISSING, since);
  return holding(withoutService(hold, 'unusable', lasting, table, now));
}

/** The hold for a current table of a group that is refused, with the reason in words. It might not exist. */
export function refusedUse({ observed, table, now }: Undecided, why: string): Outcome {
  const exists = observed.names.has(table.name);
  const since = sightingOf(observed, table.name, REFUSED)?.since ?? now;
  const message = exists ? why : `The table does not exist. ${why}`;
  const hold: HoldBody = { kind: 'use', reason: 'scheme-changed', message };
  return holding(withoutService(hold, exists ? 'busy' : 'unusable', since, table, now));
}

/** A hold for an index that keeps an ACTIVE table from being changed. */
function stuckHold(context: TableContext): Outcome {
  const { table, state, now } = context;
  const stuck = stuckIndex(state);
  if (!stuck) return nothing;
  const since = statusSince(context);
  const message = `The index ${stuck.index} has been ${stuck.status} since ${sayInstant(since)}, so the table cannot be changed. If it lasts for hours, ask AWS Support.`;
  const hold: HoldBody = { kind: 'use', reason: 'table-busy', message };
  const held = withoutService(hold, 'busy', since, table, now);
  return held.urgent ? holding(held) : nothing;
}

/** An index that is neither ACTIVE, nor filled or deleted. */
const stuckIndex = (state: TableState): PartState | undefined =>
  state.status === 'ACTIVE'
    ? partsOf(state).find((one) => one.status !== 'ACTIVE' && !isBuilding(one))
    : undefined;

/** The condition of a table that does not exist, as it is remembered. */
const MISSING = 'missing';
/** The condition of a current table of a refused group. */
const REFUSED = 'scheme-changed';

/** The status of a table, or of the index that keeps it from being changed, as it is remembered. */
function conditionOf(state: TableState | undefined): string {
  if (!state) return MISSING;
  const stuck = stuckIndex(state);
  return stuck ? `${stuck.index} ${stuck.status}` : state.status;
}

function whatOf({ restoring, archivalBackup, restoredFrom }: TableState, cause: string): string {
  if (restoring) return `DynamoDB restores it${restoredFrom === undefined ? '' : ` from ${restoredFrom}`}.`;
  return archivalBackup === undefined ? cause : `${cause} Its backup is ${archivalBackup}.`;
}

/** The replicas that applications cannot use, or that might leave the table, until an operator acts. */
const brokenReplicas = ({ replicas = [] }: TableState): Replica[] =>
  replicas.filter(({ status }) => !traitsOf(status).passes);

function replicaHolds({ observed, table, state, now }: TableContext, atOnce: boolean): Outcome[] {
  return brokenReplicas(state).map(({ region, status, inaccessibleSince = now }) => {
    const { cause, cure } = traitsOf(status);
    const key = aspectKey(table.name, region);
    const seen = sightingOf(observed, key, status)?.since ?? now;
    const since = Math.min(seen, inaccessibleSince);
    const message = `The replica in ${region} is ${status}. ${cause} This has lasted since ${sayInstant(since)}. ${cure}`;
    const urgent = atOnce ? ({ urgent: true } as const) : {};
    const hold: HoldBody = { kind: 'use', reason: 'table-unusable', message, ...urgent };
    const lasting = unusableSince(observed, key, status, since);
    return holding(withoutService(hold, 'unusable', lasting, table, now));
  });
}

/** What is held while an index is added or deleted, by hand or by another tool. */
function indexHolds({ table, state }: TableContext): Outcome[] {
  if (state.status !== 'ACTIVE') return [];
  const raises = state.billingMode === 'PROVISIONED' && raisesBuilding(table.spec);
  return partsOf(state)
    .filter(isBuilding)
    .map(({ index, status }) => {
      const rest = 'Turntable changes the table and its other indexes meanwhile.';
      const own =
        raises && status === 'CREATING'
          ? 'Of this index, it only raises the writes if they are throttled.'
          : 'It does not change this index.';
      const message = `The index ${index} is ${status}. ${rest} ${own}`;
      return holding({ kind: 'lower', reason: 'index-building', message });
    });
}

const CREATES_MS = 5 * MINUTE_MS;
/** A change of throughput in this time before a table is seen as UPDATING is the reason why it is. */
const EXPLAINS_MS = 6 * MINUTE_MS;

/** Since when a table has its status: DynamoDB says so of some, and runs remember it of others. Epoch milliseconds. */
function statusSince({ observed, state, now }: TableContext): number {
  const known = knownSince(state);
  if (known !== undefined) return Math.min(now, known);
  const seen = sightingOf(observed, state.name, conditionOf(state))?.since ?? firstSeen(state, now);
  // A newer change of throughput has a status of its own.
  return state.status === 'UPDATING' ? Math.min(now, Math.max(seen, changedAt(state))) : seen;
}

/** Since when a table has its status by its own description; undefined if that does not say so. */
function knownSince({ status, unusableSince, createdAt }: TableState): number | undefined {
  if (status === 'CREATING') return createdAt > 0 ? createdAt : undefined;
  return traitsOf(status).passes ? undefined : unusableSince;
}

function firstSeen(state: TableState, now: number): number {
  const changed = changedAt(state);
  return state.status === 'UPDATING' && now - changed <= EXPLAINS_MS ? changed : now;
}

/** Something else about a table among the sightings, such as a replica. No table name contains a space. */
export const aspectKey = (name: string, aspect: string): string => `${name} ${aspect}`;

/** Whether earlier runs have seen that a table, or a replica of it, cannot be used or stays busy. */
export const isSighted = ({ sightings }: Observed, name: string): boolean =>
  sightingsOf(sightings, name).length > 0;

const sightingsOf = (sightings: Observed['sightings'], name: string): [string, Sighting][] =>
  [...sightings].filter(([key]) => key === name || key.startsWith(aspectKey(name, '')));

/** What earlier runs have seen of a table or replica, if its condition is still the same. */
function sightingOf({ sightings }: Observed, key: string, condition: string): Sighting | undefined {
  const sighting = sightings.get(key);
  return sighting?.status === condition ? sighting : undefined;
}

/** Whether applications cannot use a table or replica in a condition, and that does not pass by itself. */
const isUnusable = (condition: string): boolean =>
  [MISSING, 'DELETING'].includes(condition) ||
  (condition !== REFUSED && !condition.includes(' ') && !traitsOf(condition).passes);

/** Since when a table or replica cannot be used, if it was unusable in another way before the condition; epoch milliseconds. */
function unusableSince({ sightings }: Observed, key: string, condition: string, since: number): number {
  const seen = sightings.get(key);
  if (!seen || !isUnusable(seen.status) || !isUnusable(condition)) return since;
  return Math.min(since, seen.unusableSince ?? seen.since);
}

/**
 * What to remember of tables and replicas that are not ACTIVE, and of tables that do not exist: since when runs have seen
 * them so, unless they are only just being created or changed. Scale looks at them in every run. Of a current table of a
 * refused group, only that is remembered.
 */
export function sightingsAfter(
  observed: Observed,
  tables: readonly Table[],
  now: number,
  refused: ReadonlySet<Table> = new Set(),
): ReadonlyMap<string, Sighting> {
  return new Map(
    tables.filter(isNeeded).flatMap((table): [string, Sighting][] => {
      const { name } = table;
      const seen = (key: string, status: string, since: number): [string, Sighting] => {
        const lasting = unusableSince(observed, key, status, since);
        const first = { status, since, ...(lasting < since && { unusableSince: lasting }) };
        return [key, sightingOf(observed, key, status) ?? first];
      };
      if (refused.has(table)) return [seen(name, REFUSED, now)];
      const reading = observed.get('description', name);
      if (!reading || 'error' in reading) return sightingsOf(observed.sightings, name);
      const state = reading.value;
      // In a closed environment, no table is missing. Once it is opened again, the time starts.
      if (!state) return knownClosing(observed, table.spec, now) ? [] : [seen(name, MISSING, now)];
      const replicas = brokenReplicas(state).map(({ region, status, inaccessibleSince = now }) =>
        seen(aspectKey(name, region), status, inaccessibleSince),
      );
      return isRemembered(observed, state, now)
        ? [seen(name, conditionOf(state), knownSince(state) ?? firstSeen(state, now)), ...replicas]
        : replicas;
    }),
  );
}

/** A table that is only just created or changed is not worth a record. */
function isRemembered(observed: Observed, state: TableState, now: number): boolean {
  const condition = conditionOf(state);
  if (condition === 'ACTIVE' || sightingOf(observed, state.name, condition)) return condition !== 'ACTIVE';
  if (state.status === 'CREATING') return now - (knownSince(state) ?? 0) >= CREATES_MS;
  return state.status !== 'UPDATING' || now - changedAt(state) >= USUAL_CHANGE_MS;
}
