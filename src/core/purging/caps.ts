import { actionKinds } from '../action-kinds.ts';
import { DAY_MS } from '../calendar/period.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { dueAt } from '../phase.ts';
import type { Action, Draft, Hold } from '../plan.ts';
import type { Config, Spec } from '../spec.ts';

/** Actions that are held together, and why. */
interface Excess {
  readonly actions: ReadonlySet<Action>;
  readonly reason: Hold['reason'];
  readonly message: string;
  readonly urgent?: true;
}

/**
 * The draft of purge, with every action above `Purge.MaxShare`, `Purge.MaxPerGroup` and `Purge.MaxPerRun` held.
 * `members` are all existing tables of the configuration.
 */
export function capped(
  draft: Draft,
  config: Config,
  observed: Observed,
  members: readonly Table[],
  now: number,
): Draft {
  const ofFleet = excessShare(draft, config, members, now, '');
  if (ofFleet) return without(draft, ofFleet);
  // In a large fleet, all tables of one group can be a small share.
  const ofGroups = config.specs.flatMap((spec) => {
    const own = members.filter((table) => table.spec.name === spec.name);
    return excessShare(draft, config, own, now, ` in group ${spec.name}`) ?? [];
  });
  const groups = config.specs.map(
    ({ name, settings }): Cap => ({
      setting: 'MaxPerGroup',
      most: settings.purge.maxPerGroup,
      waitingPeriodMs: settings.purge.waitingPeriodMs,
      covers: ({ group }) => group === name,
      covered: members.filter(({ spec }) => spec.name === name).map((table) => table.name),
    }),
  );
  const fleet: Cap = {
    setting: 'MaxPerRun',
    most: config.settings.purge.maxPerRun,
    waitingPeriodMs: config.settings.purge.waitingPeriodMs,
    covers: () => true,
    covered: [...observed.scheduledDeletions.keys()],
  };
  const withinShares = ofGroups.reduce(without, draft);
  return [...groups, fleet].reduce(
    (left, cap) => without(left, beyond(left, cap, observed, now)),
    withinShares,
  );
}

const isCapped = ({ kind }: Action): boolean => actionKinds[kind].capped;

/**
 * The longest time for which a table is due if purge runs daily, in milliseconds: up to a day until its deletion is
 * scheduled, whole days for the waiting period, and one more day if the final backup takes a run of its own.
 */
const usualDelayMs = ({ settings: { purge } }: Spec): number =>
  DAY_MS * (1 + Math.ceil(purge.waitingPeriodMs / DAY_MS) + (purge.finalBackup ? 1 : 0));

/** MaxShare ignores this many overdue tables or fewer. */
const ALWAYS_ALLOWED = 2;

/**
 * Tables become due one by one, and purge deletes each one within the usual delay. If a large part of the fleet or of a
 * group is due for longer, a retention was probably shortened or a clock jumped. Purge deletes nothing until an
 * operator has checked.
 */
function excessShare(
  draft: Draft,
  { settings: { purge } }: Config,
  members: readonly Table[],
  now: number,
  where: string,
): Excess | undefined {
  const names = new Set(members.map(({ name }) => name));
  const due = draft.actions.filter((action) => isCapped(action) && names.has(action.table));
  const waiting = draft.holds.filter(
    ({ reason }) => reason === 'waiting-period' || reason === 'backup-pending',
  );
  const leaving = new Set([...due, ...waiting].map(({ table }) => table));
  const overdue = members.filter(
    ({ name, spec, period }) => leaving.has(name) && now - dueAt(spec, period) > usualDelayMs(spec),
  ).length;
  const allowed = Math.max(ALWAYS_ALLOWED, Math.floor((members.length * purge.maxShare) / 100));
  if (overdue <= allowed) return undefined;
  return {
    actions: new Set(due),
    reason: 'share',
    message: `Deletion held: ${overdue} of ${members.length} tables${where} are overdue and Purge.MaxShare (${purge.maxShare}%) allows ${allowed}. If every PurgeRotation is correct, raise Purge.MaxShare until the backlog is gone.`,
    urgent: true,
  };
}

interface Cap {
  readonly setting: 'MaxPerRun' | 'MaxPerGroup';
  readonly most: number;
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
  const { setting, covers, covered, most, waitingPeriodMs } = cap;
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
    message: `Deletion held: Purge.${setting} (${most}) is reached. A later run continues.`,
  };
}

function oldest({ actions }: Draft, kind: Action['kind']): Action[] {
  const date = ({ table }: Action): string => table.slice(table.lastIndexOf('.') + 1);
  return actions.filter((action) => action.kind === kind).sort((a, b) => date(a).localeCompare(date(b)));
}

function without(draft: Draft, { actions, reason, message, urgent }: Excess): Draft {
  const holds = [...actions].map(({ job, group, table, kind }) => ({
    job,
    group,
    table,
    kind,
    reason,
    message,
    ...(urgent && { urgent }),
  }));
  return {
    actions: draft.actions.filter((action) => !actions.has(action)),
    holds: [...draft.holds, ...holds],
    needs: draft.needs,
    learned: draft.learned,
  };
}
