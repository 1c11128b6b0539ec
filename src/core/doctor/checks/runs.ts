import { sayInstant } from '../../calendar/instant.ts';
import { HOUR_MS, MINUTE_MS } from '../../calendar/period.ts';
import { allJobs } from '../../jobs.ts';
import type { Job } from '../../plan.ts';
import { checkWith } from '../check.ts';
import type { Said } from '../finding.ts';

/** How long a job may be without success, milliseconds: the same as in the alarms RotateLate, PurgeLate and ScaleLate. */
export const LATE_MS: Readonly<Record<Job, number>> = {
  rotate: 3 * HOUR_MS,
  purge: 26 * HOUR_MS,
  scale: 15 * MINUTE_MS,
};

export const runs = checkWith(
  'jobs that do not run or do not succeed',
  ['runs'],
  ({ runs: records }, { wall }) =>
    allJobs.flatMap((job): Said[] => {
      const { succeededAt } = records.get(job) ?? {};
      if (succeededAt === undefined)
        return [
          {
            severity: 'note',
            message: `No run of ${job} has succeeded in this environment yet.`,
            cure: `If the environment is not new, check the schedule of ${job} and its log.`,
          },
        ];
      if (wall - succeededAt <= LATE_MS[job]) return [];
      return [
        {
          severity: 'severe',
          message: `No run of ${job} has succeeded since ${sayInstant(succeededAt)}.`,
          cure: `Check that the schedule of ${job} is enabled, and read its log. Without Lambda, check that \`turntable daemon\` runs.`,
        },
      ];
    }),
);
