/** What a run says of creations, besides their results. */
import { membersOf } from '../core/fleet.ts';
import type { Observed } from '../core/observed.ts';
import type { Hold, Plan } from '../core/plan.ts';
import { sayUnlisted } from '../core/rotating/environment.ts';
import type { Config } from '../core/spec.ts';
import { leftUndone, type Result } from './apply.ts';

/** The plan with a hold for each required table that is still being deleted, so that the run could not create it. */
export function withStillDeleting(plan: Plan, observed: Observed, results: readonly Result[]): Plan {
  const holds = results
    .filter((result) => result.action.kind === 'create' && leftUndone(result))
    .filter(({ action }) => observed.known('description', action.table)?.status === 'DELETING')
    .map(({ action: { job, group, table } }): Hold => {
      const message =
        'The required table is still DELETING at the end of the run, so it does not exist. The next run creates it.';
      return { job, group, table, kind: 'create', reason: 'table-busy', message, urgent: true };
    });
  return holds.length === 0 ? plan : { ...plan, holds: [...plan.holds, ...holds] };
}

/** Says once, in the run that creates the first tables, that the settings do not list the environment. */
export function newEnvironment(
  config: Config,
  { names }: Observed,
  results: readonly Result[],
  now: number,
): string | undefined {
  const creates = results.some(({ action }) => action.kind === 'create');
  const isNew = [...membersOf(config, names, now).values()].every(({ length }) => length === 0);
  return config.unlisted && creates && isNew ? sayUnlisted(config) : undefined;
}
