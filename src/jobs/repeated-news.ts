/** What a run tells people at most once a day, whichever job has it. */
import { messageOf } from '../core/failure.ts';
import type { RunEntry } from '../core/history/of-run.ts';
import { type Continued, type OpenRecord, openFrom } from '../core/history/open-holds.ts';
import { allJobs } from '../core/jobs.ts';
import type { NoticeKind } from '../core/notice.ts';
import { type News, newsOfFailures, newsOfHolds, toldElsewhere } from '../core/notices/worth-telling.ts';
import type { Hold, Job } from '../core/plan.ts';
import type { Ports } from '../ports.ts';
import { openOfJob } from './open-of-job.ts';

interface KnownOfRun {
  readonly job: Job;
  readonly kinds: readonly NoticeKind[];
  readonly entries: readonly RunEntry[];
  /** All holds of the run. */
  readonly present: readonly Hold[];
  readonly holds: Continued;
  readonly told: OpenRecord['told'];
}

export interface RepeatedNews {
  readonly news: readonly News[];
  /** When people were last told, by this job or, of the same, by another one. */
  readonly told: OpenRecord['told'];
  readonly error?: string;
}

/**
 * The failures and holds that no job has told within a day. What others have told is read only if there is news. If it cannot be
 * read, the next run tells the news. Never rejects.
 */
export async function repeatedNews(
  { job, kinds, entries, present, holds, told }: KnownOfRun,
  state: Pick<Ports['state'], 'openHolds' | 'runs'>,
  now: number,
): Promise<RepeatedNews> {
  const after = (times: OpenRecord['told']): News[] => [
    ...newsOfFailures(entries, times, kinds, now),
    ...newsOfHolds({ job, present, ...holds, told: times }, kinds, now),
  ];
  const news = after(told);
  if (news.length === 0) return { news, told };
  try {
    const others = allJobs.filter((other) => other !== job);
    const texts = await Promise.all(others.map((other) => openOfJob(state, other)));
    const records = texts.flat().map(openFrom);
    const elsewhere = toldElsewhere(
      news,
      records.map((record) => record.told),
      now,
    );
    if (Object.keys(elsewhere).length === 0) return { news, told };
    const all = { ...told, ...elsewhere };
    return { news: after(all), told: all };
  } catch (error) {
    return { news: [], told, error: `Could not read what other jobs have told: ${messageOf(error)}` };
  }
}
