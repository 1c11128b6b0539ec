import type { Plan } from '../core/plan.ts';
import type { Place } from '../jobs/place.ts';
import { CommandFailed, UsageError } from './failure.ts';

/**
 * Checks that a plan file is for the region and account that this command acts on. The tables of another one can have the
 * same names.
 * @throws UsageError, CommandFailed
 */
export function requireSamePlace(plan: Plan, { region, account }: Place): void {
  if (plan.region === undefined)
    throw new UsageError('The plan has no region. To create a plan: turntable plan --out FILE');
  if (plan.region !== region)
    throw new UsageError(
      `The plan is for region ${plan.region}, but this command uses ${region}. To apply it there, use --region ${plan.region}.`,
    );
  if (plan.account === undefined || plan.account === account) return;
  if (account === undefined)
    throw new CommandFailed(
      `Nothing was applied. The plan is for account ${plan.account}, and the account of these credentials is unknown, because STS did not answer.`,
    );
  throw new UsageError(
    `The plan is for account ${plan.account}, but these credentials belong to account ${account}. Use other credentials, for example with --profile.`,
  );
}
