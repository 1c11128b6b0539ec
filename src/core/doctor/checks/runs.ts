import { sayInstant } from '../../calendar/instant.ts';
import { HOUR_MS, MINUTE_MS } from '../../calendar/period.ts';
import { allJobs } from '../../jobs.ts';
import type { Job } from '../../plan.ts';
import type { AllAsked } from '../answers.ts';
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
  ({ runs: records }, { wall, asked: { history } }) =>
    allJobs.flatMap((job): Said[] => {
      const { succeededAt } = records.get(job) ?? {};
      if (succeededAt === undefined) return [neverSucceeded(job, firstOf(history), wall)];
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

/** The first entry of the history that is known, epoch milliseconds. */
const firstOf = (history: AllAsked['history']): number | undefined =>
  history && 'value' in history && history.value[0] ? Date.parse(history.value[0].at) : undefined;

/** In a new environment, a job has not had its time yet. */
function neverSucceeded(job: Job, since: number | undefined, wall: number): Said {
  const isOld = since !== undefined && wall - since > LATE_MS[job];
  return {
    severity: isOld ? 'warning' : 'note',
    message: isOld
      ? `No run of ${job} has succeeded, although the history of this environment starts at ${sayInstant(since)} or earlier.`
      : `No run of ${job} has succeeded in this environment yet.`,
    cure: isOld
      ? `Check that the schedule of ${job} is enabled, and read its log. If you only run \`turntable rotate\` and \`turntable apply\` by hand, there is nothing to do.`
      : `If the environment is not new, check the schedule of ${job} and its log.`,
  };
}
