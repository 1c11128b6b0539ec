/** Runs of jobs by their names, for what knows every job. */
import type { Job } from '../core/plan.ts';
import { plannerOf } from '../core/planners.ts';
import type { Config } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { type RunOptions, runPlanner, type Summary } from './running.ts';

export { JobFailed, type RunOptions, type Summary } from './running.ts';

/** `runPlanner` with the planner of a job. @throws ServiceError if the state table or the list of tables cannot be read */
export const runJob = (
  job: Job,
  config: Config,
  ports: Ports,
  now: number,
  options: RunOptions,
): Promise<Summary> => runPlanner(plannerOf(job), config, ports, now, options);
