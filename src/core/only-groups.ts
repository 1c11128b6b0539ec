import type { Plan } from './plan.ts';

/** A hold of the whole environment is attached to one of its tables. */
const OF_ENVIRONMENT = 'environment-unlisted';

type Parts = Pick<Plan, 'actions' | 'holds'>;

/**
 * The actions and holds of these groups, in their order. The plan of the whole fleet comes first and is reduced here, because
 * the groups share caps and the limits of the account.
 */
export function onlyGroups<P extends Parts>(plan: P, groups: readonly string[]): P {
  const isOf = ({ group }: { readonly group: string }): boolean => groups.includes(group);
  return {
    ...plan,
    actions: plan.actions.filter(isOf),
    holds: plan.holds.filter((hold) => isOf(hold) || hold.reason === OF_ENVIRONMENT),
  };
}
