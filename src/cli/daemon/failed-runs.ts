import { sayInstant } from '../../core/calendar/instant.ts';
import { DAY_MS } from '../../core/calendar/period.ts';
import { messageOf } from '../../core/failure.ts';
import { type NoticeKind, subjectOf } from '../../core/notice.ts';
import type { Job } from '../../core/plan.ts';
import type { NotifyPorts } from '../../jobs/notify.ts';

/** The notices of runs that end with an error before they record anything. With Lambda, alarms tell of them. */
export interface FailedRuns {
  /** The kinds of notices, by the newest valid configuration. */
  kinds: readonly NoticeKind[];
  /** Tells people at most once a day for each job. Returns what could not be sent. Never rejects. */
  tell(job: Job, why: string): Promise<string | undefined>;
}

export function failedRuns(
  environment: string,
  { notices, webhook, clock }: Pick<NotifyPorts, 'notices' | 'webhook' | 'clock'>,
): FailedRuns {
  const told = new Map<Job, number>();
  return {
    kinds: ['failed'],
    async tell(job, why) {
      const now = clock.now();
      if (
        !this.kinds.includes('failed') ||
        Math.abs(now - (told.get(job) ?? Number.NEGATIVE_INFINITY)) < DAY_MS
      )
        return undefined;
      told.set(job, now);
      const notice = {
        subject: subjectOf(environment, `${job} failed`),
        message: `The ${job} run in ${environment} at ${sayInstant(now)} failed: ${why}`,
        types: ['failed' as const],
      };
      const receivers = Object.entries({ topic: notices, webhook });
      const failures = await Promise.all(
        receivers.map(([name, receiver]) =>
          receiver?.publish(notice).then(
            () => undefined,
            (error: unknown) => `Could not send a notice of that to the ${name}: ${messageOf(error)}`,
          ),
        ),
      );
      return failures.filter((one) => one !== undefined).join(' ') || undefined;
    },
  };
}
