import { DAY_MS } from '../calendar/period.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { dueAt } from '../phase.ts';
import type { Action, Draft, Hold } from '../plan.ts';
import type { Config, Spec } from '../spec.ts';

/** Which actions are held, and why. */
interface Cut {
  readonly actions: ReadonlySet<Action>;
  readonly reason: Hold['reason'];
  readonly message: string;
  readonly urgent?: true;
}

/** What purge wants, without what is too much at once. `members` are all tables of the configuration that stand. */
export function capped(
  draft: Draft,
  config: Config,
  observed: Observed,
  members: readonly Table[],
  now: number,
): Draft {
  const landslide = tooLargeAShare(draft, config, members, now, '');
  if (landslide) return without(draft, landslide);
  // Of a large fleet one group's slip is a small share, and all that the group has.
  const slips = config.specs.flatMap((spec) => {
    const own = members.filter((table) => table.spec.name === spec.name);
    return tooLargeAShare(draft, config, own, now, ` of ${spec.name}`) ?? [];
  });
  const groups = config.specs.map(
    ({ name, settings }): Cap => ({
      covers: ({ group }) => group === name,
      covered: members.filter(({ spec }) => spec.name === name).map((table) => table.name),
      most: settings.purge.maxPerGroup,
      waitingPeriodMs: settings.purge.waitingPeriodMs,
      what: 'of a group',
    }),
  );
  const { maxPerRun, waitingPeriodMs } = config.settings.purge;
  const fleet: Cap = {
    covers: () => true,
    covered: [...observed.scheduledDeletions.keys()],
    most: maxPerRun,
    waitingPeriodMs,
    what: '',
  };
  const standing = slips.reduce(without, draft);
  return [...groups, fleet].reduce((left, cap) => without(left, beyond(left, cap, observed, now)), standing);
}

/** What brings a table nearer to its end. */
const going: ReadonlySet<Action['kind']> = new Set(['schedule-deletion', 'back-up', 'delete']);

/**
 * How long a table is due at most where purge runs daily: a day until it is condemned, whole days until a run comes for
 * the second look, and one more where that only asks for its final backup.
 */
const ordinaryMs = ({ settings: { purge } }: Spec): number =>
  DAY_MS * (1 + Math.ceil(purge.waitingPeriodMs / DAY_MS) + (purge.finalBackup ? 1 : 0));

/** Tables that are spared anyway can always be so few. */
const ALWAYS_ALLOWED = 2;

/**
 * Retention makes tables due one by one, and purge follows within a day and a second look. Where much of the fleet, or of
 * a group, is due for longer, somebody has shortened a retention, or the clock has jumped: nothing goes until people have looked.
 */
function tooLargeAShare(
  draft: Draft,
  { settings: { purge } }: Config,
  members: readonly Table[],
  now: number,
  of: string,
): Cut | undefined {
  const names = new Set(members.map(({ name }) => name));
  const due = draft.actions.filter(({ kind, table }) => going.has(kind) && names.has(table));
  const leaving = new Set(
    [
      ...due,
      ...draft.holds.filter(({ reason }) => reason === 'waiting-period' || reason === 'backup-pending'),
    ].map(({ table }) => table),
  );
  const overdue = members.filter(
    ({ name, spec, period }) => leaving.has(name) && now - dueAt(spec, period) > ordinaryMs(spec),
  ).length;
  const allowed = Math.max(ALWAYS_ALLOWED, Math.floor((members.length * purge.maxShare) / 100));
  if (overdue <= allowed) return undefined;
  return {
    actions: new Set(due),
    reason: 'share',
    message: `Due, but ${overdue} of ${members.length} tables${of} are long overdue, and Purge.MaxShare (${purge.maxShare} %) lets ${allowed} of them go: none does. If every PurgeRotation is right, raise Purge.MaxShare until they are gone.`,
    urgent: true,
  };
}

interface Cap {
  readonly covers: (action: Action) => boolean;
  /** Names of the tables whose sentences count. */
  readonly covered: readonly string[];
  readonly most: number;
  readonly waitingPeriodMs: number;
  readonly what: string;
}

/**
 * The oldest go first. No more tables are condemned than the cap within the time between two looks, however
 * often the job runs: so no more can fall due together, and no table that cannot be deleted stops the others.
 */
function beyond(draft: Draft, cap: Cap, observed: Observed, now: number): Cut {
  const { covers, covered, most, waitingPeriodMs, what } = cap;
  const fresh = covered.filter((name) => {
    const scheduled = observed.scheduledDeletions.get(name);
    return scheduled && now - scheduled.scheduledAt < waitingPeriodMs;
  });
  const late = [
    ...oldest(draft, 'schedule-deletion')
      .filter(covers)
      .slice(Math.max(0, most - fresh.length)),
    ...oldest(draft, 'back-up').filter(covers).slice(most),
    ...oldest(draft, 'delete').filter(covers).slice(most),
  ];
  const tables = [most === 1 ? 'table' : 'tables', what].filter(Boolean).join(' ');
  return {
    actions: new Set(late),
    reason: 'cap',
    message: `Due, but only ${most} ${tables} at a time ${most === 1 ? 'is' : 'are'} condemned or deleted; a later run goes on.`,
  };
}

function oldest({ actions }: Draft, kind: Action['kind']): Action[] {
  const date = ({ table }: Action): string => table.slice(table.lastIndexOf('.') + 1);
  return actions.filter((action) => action.kind === kind).sort((a, b) => date(a).localeCompare(date(b)));
}

function without(draft: Draft, { actions, reason, message, urgent }: Cut): Draft {
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
