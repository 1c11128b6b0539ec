import { actionKinds } from '../action-kinds.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import type { Action, Draft, Hold } from '../plan.ts';
import type { Config } from '../spec.ts';
import { expiring, expiringOfAll, maxPerGroup, maxPerRun, roomFor } from './expiring.ts';

/** Actions that are held together, and why. */
interface Excess {
  readonly actions: ReadonlySet<Action>;
  readonly reason: Hold['reason'];
  readonly message: string;
}

/** The draft of purge, with every action above `Purge.MaxPerGroup` and `Purge.MaxPerRun` held. */
export function capped(
  draft: Draft,
  config: Config,
  observed: Observed,
  members: readonly Table[],
  now: number,
): Draft {
  const groups = config.specs.map((spec): Cap => {
    const { name, settings } = spec;
    return {
      setting: 'MaxPerGroup',
      most: maxPerGroup(spec),
      expiring: expiring(spec),
      waitingPeriodMs: settings.purge.waitingPeriodMs,
      covers: ({ group }) => group === name,
      covered: members.filter((table) => table.spec.name === name).map((table) => table.name),
    };
  });
  const fleet: Cap = {
    setting: 'MaxPerRun',
    most: maxPerRun(config),
    expiring: expiringOfAll(config),
    waitingPeriodMs: config.settings.purge.waitingPeriodMs,
    covers: () => true,
    covered: [...observed.scheduledDeletions.keys()],
  };
  return [...groups, fleet].reduce((left, cap) => without(left, beyond(left, cap, observed, now)), draft);
}

const isCapped = ({ kind }: Action): boolean => actionKinds[kind].capped;

interface Cap {
  readonly setting: 'MaxPerRun' | 'MaxPerGroup';
  readonly most: number;
  /** How many of these tables expire while the cap counts. */
  readonly expiring: number;
  readonly waitingPeriodMs: number;
  readonly covers: (action: Action) => boolean;
  /** Names of the tables whose scheduled deletions count. */
  readonly covered: readonly string[];
}

/**
 * The actions above a cap. The oldest tables are deleted first. Within one waiting period purge schedules no more
 * deletions than the cap, however often it runs. Therefore no more deletions fall due together, and a table that cannot
 * be deleted does not block the others.
 */
function beyond(draft: Draft, cap: Cap, observed: Observed, now: number): Excess {
  const { covers, covered, most, waitingPeriodMs } = cap;
  const waiting = covered.filter((name) => {
    const scheduled = observed.scheduledDeletions.get(name);
    return scheduled && !scheduled.inFuture && now - scheduled.scheduledAt < waitingPeriodMs;
  });
  const kinds = new Set(draft.actions.filter(isCapped).map(({ kind }) => kind));
  const late = [...kinds].flatMap((kind) =>
    oldest(draft, kind)
      .filter(covers)
      .slice(kind === 'schedule-deletion' ? Math.max(0, most - waiting.length) : most),
  );
  return {
    actions: new Set(late),
    reason: 'cap',
    message: `Deletion held: Purge.${cap.setting} (${most}) is reached. ${outlook(cap)}`,
  };
}

function outlook({ setting, most, expiring: count }: Cap): string {
  if (most >= count) return 'A later run continues.';
  const within = 'in a day, or in a longer waiting period';
  return `The cause is this setting: up to ${count} tables expire ${within}, so the backlog grows. Set Purge.${setting} to at least ${roomFor(count)}, or remove it.`;
}

function oldest({ actions }: Draft, kind: Action['kind']): Action[] {
  const date = ({ table }: Action): string => table.slice(table.lastIndexOf('.') + 1);
  return actions.filter((action) => action.kind === kind).sort((a, b) => date(a).localeCompare(date(b)));
}

function without(draft: Draft, { actions, reason, message }: Excess): Draft {
  const holds = [...actions].map(({ job, group, table, kind }) => ({
    job,
    group,
    table,
    kind,
    reason,
    message,
  }));
  return {
    ...draft,
    actions: draft.actions.filter((action) => !actions.has(action)),
    holds: [...draft.holds, ...holds],
  };
}
