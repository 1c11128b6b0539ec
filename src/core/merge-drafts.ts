import { refusesGroup } from './failing-holds.ts';
import { jobs } from './jobs.ts';
import { type Action, type Draft, type Hold, keepsUpdating, stageOf } from './plan.ts';

const followsDemand = ({ job }: Action | Hold): boolean => jobs[job].followsDemand;

/**
 * The drafts of several jobs as one. DynamoDB accepts one update of a table at a time, so updates that follow demand
 * give way to those of other jobs.
 */
export function mergeDrafts(drafts: readonly Draft[]): Draft {
  const actions = withoutSecondCancel(withoutRefused(drafts));
  const updated = new Set(
    actions.filter((action) => !followsDemand(action) && keepsUpdating(action)).map(({ table }) => table),
  );
  return {
    actions: actions
      .filter((action) => !followsDemand(action) || !updated.has(action.table))
      .sort((a, b) => stageOf(a) - stageOf(b) || byDemandFirst(a, b)),
    holds: withoutRepetition(
      actions,
      drafts.flatMap((draft) => draft.holds),
    ),
    needs: drafts.flatMap((draft) => draft.needs),
    learned: new Map(drafts.flatMap((draft) => [...draft.learned])),
    retentions: new Map(drafts.flatMap((draft) => [...draft.retentions])),
  };
}

/** Raises that demand needs now come before those for a period that starts soon. */
const byDemandFirst = (a: Action, b: Action): number =>
  a.kind === 'raise' ? Number(followsDemand(b)) - Number(followsDemand(a)) : 0;

/**
 * All actions, without those in a group that rotate refuses. Raises and canceled deletions remain, because neither can do
 * harm.
 */
function withoutRefused(drafts: readonly Draft[]): readonly Action[] {
  const refused = new Set(
    drafts.flatMap(({ holds }) => holds.filter(refusesGroup).map(({ group }) => group)),
  );
  const harmless = ({ kind }: Action): boolean => kind === 'raise' || kind === 'cancel-deletion';
  return drafts
    .flatMap(({ actions }) => actions)
    .filter((action) => !refused.has(action.group) || harmless(action));
}

/** Rotate and purge both cancel the scheduled deletion of a retained table. */
function withoutSecondCancel(actions: readonly Action[]): readonly Action[] {
  const canceled = new Set<string>();
  return actions.filter(({ kind, table }) => {
    if (kind !== 'cancel-deletion') return true;
    const first = !canceled.has(table);
    canceled.add(table);
    return first;
  });
}

/**
 * The holds without those that repeat what another job says about the same table. There are three cases. The table
 * drains, and scale lowers it or says why not. Both jobs hold a change for the same reason. Scale holds a decrease that
 * rotate plans.
 */
function withoutRepetition(actions: readonly Action[], holds: readonly Hold[]): Hold[] {
  const tablesOf = (all: readonly (Action | Hold)[]): ReadonlySet<string> =>
    new Set(all.map(({ table }) => table));
  const lowers = ({ kind }: Action | Hold): boolean => kind === 'lower';
  const reasonOf = ({ table, kind, reason }: Hold): string => `${table} ${kind} ${reason}`;
  const byDemand = tablesOf([...actions, ...holds].filter((one) => followsDemand(one) && lowers(one)));
  const lowered = tablesOf(actions.filter((action) => !followsDemand(action) && lowers(action)));
  const given = new Set(holds.filter((hold) => !followsDemand(hold)).map(reasonOf));
  return holds.filter((hold) => {
    if (!followsDemand(hold)) return hold.reason !== 'draining' || !byDemand.has(hold.table);
    return !given.has(reasonOf(hold)) && !(lowers(hold) && lowered.has(hold.table));
  });
}
