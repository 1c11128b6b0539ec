import type { Observed } from './observed.ts';
import type { Draft, Job } from './plan.ts';
import { planPurge } from './purging/purge.ts';
import { planRotate } from './rotating/rotate.ts';
import { planScale } from './scaling/scale.ts';
import type { Config } from './spec.ts';

/** A job, and how it plans. The function of a job contains only its own planner. */
export interface Planner {
  readonly job: Job;
  readonly plan: (config: Config, observed: Observed, now: number) => Draft;
}

const planners: Readonly<Record<Job, Planner['plan']>> = {
  rotate: planRotate,
  purge: planPurge,
  scale: planScale,
};

export const plannerOf = (job: Job): Planner => ({ job, plan: planners[job] });
