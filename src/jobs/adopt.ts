import type { Period } from '../core/calendar/period.ts';
import { isFailure, ServiceError } from '../core/failure.ts';
import { allJobs, jobs } from '../core/jobs.ts';
import type { Observed } from '../core/observed.ts';
import type { Plan } from '../core/plan.ts';
import { type Adoption, planAdoption } from '../core/requests/adopt.ts';
import { type Adoptable, assessmentOf } from '../core/requests/adoptable.ts';
import type { Config, Spec } from '../core/spec.ts';
import type { Ports, StateStore } from '../ports.ts';
import { nothingStored, observe } from './observe.ts';
import { makePlan } from './plan.ts';
import { type Backoff, defaultBackoff, retrying } from './retry.ts';
import { forgetUnmanaged, tagVisibly } from './tag.ts';

/** The tables that can be adopted, and what the next runs of rotate and purge would then do with them. */
export interface AdoptionPlan extends Adoption, Pick<Plan, 'actions' | 'holds'> {}

/** The jobs whose next runs are shown. Scale follows demand, so it has no plan for later. */
const JOBS = allJobs.filter((job) => !jobs[job].followsDemand);

/**
 * Finds which of a group's tables can be adopted, for the given periods or all, at `now` (epoch milliseconds). Changes
 * nothing.
 * @throws ServiceError if the tables or the scheduled deletions cannot be read
 */
export async function surveyAdoption(
  config: Config,
  spec: Spec,
  ports: Ports,
  now: number,
  periods?: readonly Period[],
): Promise<AdoptionPlan> {
  const planner = (observed: Observed) => planAdoption(config, spec, observed, now, periods);
  const { needs: _, ...adoption } = (await observe(ports, nothingStored, planner, now)).draft;
  if (adoption.adoptable.length === 0) return { ...adoption, actions: [], holds: [] };
  const { plan } = await makePlan(JOBS, config, asIfAdopted(ports, adoption.adoptable), now);
  const names = new Set(adoption.adoptable.map(({ table }) => table.name));
  const own = <T extends { table: string }>(all: readonly T[]): T[] =>
    all.filter(({ table }) => names.has(table));
  return { ...adoption, actions: own(plan.actions), holds: own(plan.holds) };
}

/** Ports that show the tables after adoption: with the new tags and without their scheduled deletions. */
function asIfAdopted(ports: Ports, adoptable: readonly Adoptable[]): Ports {
  const { tables, state } = ports;
  const given = new Map(adoptable.map(({ state: { arn }, tags }) => [arn, tags]));
  const names = new Set(adoptable.map(({ table }) => table.name));
  return {
    ...ports,
    tables: { ...tables, tags: async (arn) => ({ ...(await tables.tags(arn)), ...given.get(arn) }) },
    state: {
      ...state,
      scheduledDeletions: async () =>
        (await state.scheduledDeletions()).filter(({ table }) => !names.has(table)),
    },
  };
}

/**
 * Tags exactly the table that was checked, if it still can be adopted, and waits until AWS shows the tags. A deletion
 * that was scheduled earlier is canceled first, so that the table starts a new waiting period.
 * @throws ServiceError
 */
export async function adopt(
  { table, state: seen }: Adoptable,
  { tables, state, clock }: Ports,
  backoff: Backoff = defaultBackoff,
): Promise<void> {
  const check = async () => {
    const existing = await tables.describe(table.name);
    if (!existing || existing.id !== seen.id)
      throw new ServiceError('refused', 'The checked table no longer exists.');
    const verdict = assessmentOf(table, existing, await tables.tags(existing.arn));
    if ('reasons' in verdict) throw new ServiceError('refused', verdict.reasons.join(' '));
    return verdict;
  };
  const tag = async (): Promise<void> => {
    const verdict = await check();
    if (!('managed' in verdict)) {
      await cancelDeletion(table.name, state);
      await tagVisibly(seen.arn, verdict.tags, tables, async () => 'managed' in (await check()));
    }
    await forgetUnmanaged(table.spec.name, seen, state);
  };
  await retrying(tag, clock, backoff);
}

/** Without a state table, no deletion is scheduled. */
async function cancelDeletion(table: string, state: StateStore): Promise<void> {
  try {
    await state.cancelDeletion(table);
  } catch (error) {
    if (!isFailure(error, 'not-found')) throw error;
  }
}
