import { actionKinds } from '../action-kinds.ts';
import type { Table } from '../fleet.ts';
import { groupedBy } from '../grouped.ts';
import type { Observed } from '../observed.ts';
import type { Action, Draft, Hold } from '../plan.ts';
import type { Config } from '../spec.ts';
import { expiring, expiringOfAll, maxPerGroup, maxPerRun, roomFor } from './expiring.ts';

/** The draft of purge, with every action above `Purge.MaxPerGroup` and `Purge.MaxPerRun` held. */
export function capped(
  draft: Draft,
  config: Config,
  observed: Observed,
  members: readonly Table[],
  now: number,
): Draft {
  const tables = groupedBy(members, ({ spec }) => spec.name);
  const groups = new Map<string, Cap>();
  for (const spec of config.specs)
    groups.set(spec.name, {
      setting: 'MaxPerGroup',
      most: maxPerGroup(spec),
      expiring: expiring(spec),
      waitingPeriodMs: spec.settings.purge.waitingPeriodMs,
      covered: (tables.get(spec.name) ?? []).map(({ name }) => name),
    });
  const withinGroups = held(draft, ({ group }) => groups.get(group), observed, now);
  const fleet: Cap = {
    setting: 'MaxPerRun',
    most: maxPerRun(config),
    expiring: expiringOfAll(config),
    waitingPeriodMs: config.settings.purge.waitingPeriodMs,
    covered: [...observed.scheduledDeletions.keys()],
  };
  return held(withinGroups, () => fleet, observed, now);
}

interface Cap {
  readonly setting: 'MaxPerRun' | 'MaxPerGroup';
  readonly most: number;
  /** How many of these tables expire while the cap counts. */
  readonly expiring: number;
  readonly waitingPeriodMs: number;
  /** Names of the tables whose scheduled deletions count. */
  readonly covered: readonly string[];
}

/** The draft with the actions above their caps held. */
function held(
  draft: Draft,
  capOf: (action: Action) => Cap | undefined,
  observed: Observed,
  now: number,
): Draft {
  const oldestFirst = draft.actions
    .filter(({ kind }) => actionKinds[kind].capped)
    .sort((a, b) => dateOf(a).localeCompare(dateOf(b)));
  const holds: Hold[] = [];
  const late = new Set<Action>();
  for (const [cap, covered] of groupedBy(oldestFirst, capOf)) {
    if (!cap) continue;
    const message = `Deletion held: Purge.${cap.setting} (${cap.most}) is reached. ${outlook(cap)}`;
    for (const action of beyond(covered, cap, observed, now)) {
      const { job, group, table, kind } = action;
      late.add(action);
      holds.push({ job, group, table, kind, reason: 'cap', message });
    }
  }
  return {
    ...draft,
    actions: draft.actions.filter((action) => !late.has(action)),
    holds: [...draft.holds, ...holds],
  };
}

/**
 * The actions above a cap. The oldest tables are deleted first. Within one waiting period purge schedules no more
 * deletions than the cap, however often it runs. Therefore no more deletions fall due together, and a table that cannot
 * be deleted does not block the others.
 */
function beyond(oldestFirst: readonly Action[], cap: Cap, observed: Observed, now: number): Action[] {
  const { covered, most, waitingPeriodMs } = cap;
  const waiting = covered.filter((name) => {
    const scheduled = observed.scheduledDeletions.get(name);
    return scheduled && !scheduled.inFuture && now - scheduled.scheduledAt < waitingPeriodMs;
  });
  return [...groupedBy(oldestFirst, ({ kind }) => kind)].flatMap(([kind, actions]) => {
    // A table with several replicas counts once.
    const tables = [...groupedBy(actions, ({ table }) => table).values()];
    return tables.slice(kind === 'schedule-deletion' ? Math.max(0, most - waiting.length) : most).flat();
  });
}

function outlook({ setting, most, expiring: count }: Cap): string {
  if (most >= count) return 'A later run continues.';
  const within = 'in a day, or in a longer waiting period';
  return `The cause is this setting: up to ${count} tables expire ${within}, so the backlog grows. Set Purge.${setting} to at least ${roomFor(count)}, or remove it.`;
}

const dateOf = ({ table }: Action): string => table.slice(table.lastIndexOf('.') + 1);
