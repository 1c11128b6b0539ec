import { ask, askClosing } from '../ask.ts';
import { LONGEST_HANDOVER_MS, samplesDraining, samplesOutdated } from '../capacity/handover.ts';
import { isNeeded, type Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { nothing } from '../outcome.ts';
import type { Draft } from '../plan.ts';
import { PlanBuilder } from '../plan-builder.ts';
import type { Config, Spec } from '../spec.ts';
import type { TableContext } from '../table-context.ts';
import { unchangeable } from '../throughput.ts';
import { absence, isSighted, refusedUse, usability } from '../usability.ts';
import { claimsAfter } from './claims.ts';
import { type ServedGroup, servedGroups, withCaution } from './groups.ts';
import { learns, methodOf } from './methods/index.ts';
import { dimensionsOf } from './sampling/dimension-context.ts';
import { memoryKey, memoryOf } from './sampling/group-memory.ts';
import { isSeenThrottled } from './sampling/seen-throttled.ts';
import { changeDemanded, choosesBilling, type Demanded, demandedOf } from './table.ts';
import { isWatched, watched } from './watch.ts';

/** A small Lambda needs about a tenth of a second to learn a day of minutes, so more of them would outlast a run. */
const HISTORIES_PER_RUN = 40;

/**
 * The throughput that demand needs at `now`, within its limits, for every table that has traffic or soon will. The most
 * urgent tables come first, because the account might not have room for all. Upcoming tables come last: they match the
 * capacity that this run gives to the current tables.
 */
export function planScale(config: Config, observed: Observed, now: number): Draft {
  const builder = new PlanBuilder('scale', observed);
  const groups = servedGroups(config, observed, now);
  for (const group of groups) holdRefused(group, observed, now, builder);
  const due = tablesDue(groups, observed, now);
  const isUpcoming = ({ phase }: Table): boolean => phase === 'upcoming';
  const served = due.filter((table) => !isUpcoming(table));
  for (const tables of [served, due.filter(isUpcoming)]) scaleAll(tables, config, observed, now, builder);
  return withCaution(builder, groups);
}

/** Adds what has to be read about a group, and that it is refused, for each of its current tables. */
function holdRefused(
  { spec, refused, pending = nothing }: ServedGroup,
  observed: Observed,
  now: number,
  builder: PlanBuilder,
): void {
  builder.add({ name: spec.name, spec }, pending);
  if (!refused) return;
  for (const table of refused.tables)
    builder.add(table, refusedUse({ observed, table, now }, refused.message));
}

function scaleAll(
  tables: readonly Table[],
  { prices }: Config,
  observed: Observed,
  now: number,
  builder: PlanBuilder,
): void {
  const demanded: Demanded[] = [];
  let histories = HISTORIES_PER_RUN;
  for (const table of tables) {
    const described = ask(observed, table, 'description');
    if ('pending' in described) {
      builder.add(table, described.pending);
      continue;
    }
    const state = described.value;
    if (isNeeded(table) && (!state || state.status === 'DELETING')) {
      const closing = askClosing(observed, table.spec, now);
      if ('pending' in closing) builder.add(table, closing.pending);
      // In a closed environment, purge deletes the current table, and rotate does not create it again.
      if ('pending' in closing || closing.value) continue;
    }
    if (!state) {
      if (isNeeded(table)) builder.add(table, absence({ observed, table, now }));
      continue;
    }
    const context: TableContext = { observed, table, state, now, soFar: builder.soFar };
    builder.add(table, usability(context, { atOnce: false }));
    if (state.status !== 'ACTIVE' && state.status !== 'UPDATING') continue;
    builder.add(table, watched(context));
    if (!isScaled(table) || !isDue(table, observed, now)) continue;
    if (state.billingMode === 'PAY_PER_REQUEST' && !choosesBilling({ table })) continue;
    const one = demandedBefore(context) ?? demandedFirst(context, histories);
    histories = Math.max(0, histories - one.unlearned);
    builder.add(table, one.outcome);
    demanded.push(one);
  }
  demanded.sort(byUrgency);
  const reserved = claimsAfter(demanded);
  for (const [place, one] of demanded.entries()) {
    const context = { ...one.context, reserved: reserved[place]! };
    builder.add(one.context.table, changeDemanded({ ...one, context }, prices));
  }
}

/** By refused requests, then by size. */
const byUrgency = ({ urgency: a }: Demanded, { urgency: b }: Demanded): number =>
  b.refused - a.refused || b.raised - a.raised;

interface Sought extends Demanded {
  /** How many dimensions this run would learn for the first time. */
  readonly unlearned: number;
}

/**
 * What current tables asked for, by their names, when everything about them was read. While the planner reads what it needs of others, it
 * asks again, and would learn the same minutes again. What the other tables of a group get depends on the current one.
 */
const known = new WeakMap<Observed, Map<string, Sought>>();

/** The same as before, if the table is still described as it was. */
function demandedBefore(context: TableContext): Sought | undefined {
  const { observed, table, state } = context;
  const before = known.get(observed)?.get(table.name);
  return before?.context.state === state &&
    before.context.now === context.now &&
    before.context.table.spec === table.spec
    ? { ...before, context }
    : undefined;
}

function demandedFirst(context: TableContext, histories: number): Sought {
  const { observed, table } = context;
  const unlearned = unlearnedDimensions(context);
  const postponed = new Set(unlearned.slice(histories));
  const included = (dimension: Parameters<typeof memoryKey>[0]) => !postponed.has(memoryKey(dimension));
  const one = { ...demandedOf(context, included), unlearned: unlearned.length };
  if (one.outcome.needs.length > 0 || one.unlearned > 0 || table.phase !== 'active') return one;
  const all = known.get(observed) ?? new Map<string, Sought>();
  known.set(observed, all.set(table.name, one));
  return one;
}

/** Keys of the dimensions whose history this run would read and learn for the first time. */
function unlearnedDimensions(context: TableContext): string[] {
  const { table, state } = context;
  if (table.phase !== 'active' || unchangeable(state)) return [];
  return table.spec.resources.flatMap((resource) => {
    const method = methodOf(resource.scaling);
    if (!method?.learns) return [];
    return dimensionsOf(context, resource)
      .filter((dimension) => !memoryOf(context, dimension, method))
      .map(memoryKey);
  });
}

/** The latest answer for each list of tables. `membersOf` returns the same lists while a planner reads what it needs. */
const dueAmong = new WeakMap<readonly Table[], readonly Table[]>();

function tablesDue(groups: readonly ServedGroup[], observed: Observed, now: number): Table[] {
  return groups.flatMap(({ tables }) => {
    const before = dueAmong.get(tables);
    if (before) return before;
    const due = tables.filter((table) => isAskedFor(table, observed, now));
    dueAmong.set(tables, due);
    return due;
  });
}

/** Whether a run looks at a table in the minute of `now`. */
function isAskedFor(table: Table, observed: Observed, now: number): boolean {
  if (!observed.names.has(table.name) || (isNeeded(table) && isSighted(observed, table.name))) return true;
  return (isScaled(table) && isDue(table, observed, now)) || isWatched(table, observed, now);
}

const isScaled = ({ spec }: Table): boolean =>
  spec.resources.some(({ scaling }) => scaling.method !== 'none');

/** Whether the demand on a table is read in the minute of `now`. */
function isDue({ name, phase, period, spec }: Table, observed: Observed, now: number): boolean {
  const endedForMs = now - period.end;
  switch (phase) {
    case 'upcoming':
      return (
        now >= period.start - LONGEST_HANDOVER_MS - spec.queueMs &&
        spec.resources.some(({ scaling }) => learns(scaling))
      );
    case 'active':
      return true;
    case 'draining':
      return (
        !isOneSeries(spec) || samplesDraining(spec.name, endedForMs, now) || isSeenThrottled(name, observed)
      );
    case 'outdated':
    case 'expired':
      return (
        samplesOutdated(spec.name, endedForMs, isOneSeries(spec), now) || isSeenThrottled(name, observed)
      );
  }
}

const isOneSeries = ({ resources }: Spec): boolean =>
  resources.every(({ scaling }) => learns(scaling) || scaling.method === 'none');
