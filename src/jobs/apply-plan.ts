import { HOUR_MS } from '../core/period.ts';
import { type Job, type Plan, stageOf } from '../core/plan.ts';
import type { Config } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { type ApplyOptions, apply, type Result } from './apply.ts';
import { withLease } from './lease.ts';
import { makePlan } from './plan.ts';

/** A plan older than this is made anew rather than trusted. */
const OLDEST_MS = HOUR_MS;

/** Why a plan was not carried out, or what became of its actions. */
export type Applied =
  | { readonly refused: 'stale' | 'changed' | 'leased'; readonly message: string; readonly fresh?: Plan }
  | { readonly refused?: undefined; readonly results: readonly Result[] };

/**
 * Carries out exactly the given plan, or refuses: it is made anew for its own instant, and where the outcome
 * differs in anything, the world or the configuration has changed. Holds every job's lease meanwhile.
 */
export async function applyPlan(
  plan: Plan,
  config: Config,
  ports: Ports,
  options: ApplyOptions & { readonly owner: string },
): Promise<Applied> {
  const ageMs = ports.clock.now() - Date.parse(plan.madeAt);
  if (ageMs > OLDEST_MS) return { refused: 'stale', message: 'The plan is more than an hour old.' };
  return leased(plan.jobs, ports, options, async () => {
    const { plan: fresh } = await makePlan(plan.jobs, config, ports, Date.parse(plan.at));
    if (fresh.fingerprint !== plan.fingerprint || !sameActions(fresh, plan)) {
      return { refused: 'changed', message: 'The world is not the one that was planned for.', fresh };
    }
    return { results: await apply(plan.actions, ports, options) };
  });
}

/** The fingerprint is the plan's own word; the actions are what is carried out. */
function sameActions(fresh: Plan, plan: Plan): boolean {
  const text = ({ actions }: Plan): string =>
    JSON.stringify(actions.toSorted((a, b) => stageOf(a) - stageOf(b) || a.table.localeCompare(b.table)));
  return text(fresh) === text(plan);
}

async function leased(
  [job, ...rest]: readonly Job[],
  ports: Ports,
  options: { readonly owner: string; readonly deadline?: number },
  work: () => Promise<Applied>,
): Promise<Applied> {
  if (job === undefined) return work();
  const { owner, deadline } = options;
  const answer = await withLease(ports, { job, owner }, deadline, () => leased(rest, ports, options, work));
  if (answer.granted) return answer.value;
  const until = new Date(answer.expiresAt).toISOString();
  return {
    refused: 'leased',
    message: `A ${job} run is under way (${answer.owner}, until ${until} at the latest).`,
  };
}
