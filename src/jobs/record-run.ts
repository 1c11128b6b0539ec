/** Adds what a run did and held to the history, and tells people of it. */
import { SECOND_MS } from '../core/calendar/period.ts';
import { messageOf } from '../core/failure.ts';
import { actionEntries, holdBegun, holdEnded, type RunEntry } from '../core/history/of-run.ts';
import {
  type Continued,
  continueHolds,
  type OpenRecord,
  openFrom,
  storableOpen,
} from '../core/history/open-holds.ts';
import { storableEntries } from '../core/history/stored.ts';
import { jobs } from '../core/jobs.ts';
import type { NoticeKind } from '../core/notice.ts';
import type { AboutRun } from '../core/notices/of-run.ts';
import { afterTelling, type News, newsOfActions } from '../core/notices/worth-telling.ts';
import type { Observed } from '../core/observed.ts';
import type { Hold, Job } from '../core/plan.ts';
import { isUnusual } from '../core/purging/notices.ts';
import { LONGEST_MS, notRecorded, type Recording, type ResultTimes } from './history.ts';
import { hasReceiver, type NotifyPorts, notify } from './notify.ts';
import { repeatedNews } from './repeated-news.ts';
import type { Result } from './round.ts';
import { endingAt } from './run-times.ts';

/** What a run did. */
export interface RunOutcome extends AboutRun {
  readonly job: Job;
  readonly results: readonly Result[];
  readonly times: ResultTimes;
  /** All holds of the run; undefined if it did not decide everything, or if its time might be wrong. */
  readonly held?: { readonly holds: readonly Hold[]; readonly observed: Observed };
  /** Of what people are told. */
  readonly kinds: readonly NoticeKind[];
}

type RunRecording = Recording & { readonly ports: NotifyPorts };

/** What a run has added to the history, and what of it people are to be told. */
interface Recorded {
  readonly news: readonly News[];
  /** What is open, as if people had been told nothing. undefined if it is not known. */
  readonly open?: OpenRecord;
  /** What is stored of it. */
  readonly stored?: string;
  readonly error?: string;
}

/**
 * Adds what a run did to the history: its actions, and the holds that began or ended. Then it sends notices. Reads one record. Writes
 * nothing if there is nothing to add. Returns what could not be added or sent. Never rejects.
 */
export async function recordRun(run: RunOutcome, recording: RunRecording): Promise<string | undefined> {
  const { ports } = recording;
  const now = ports.clock.now();
  const entries = run.results
    .map((result) => ({ result, at: run.times.of(result) }))
    .sort((a, b) => a.at - b.at)
    .flatMap(({ result, at }) => actionEntries(result, at));
  const kinds = hasReceiver(ports) ? run.kinds : [];
  const recorded = await endingAt(ports, now + LONGEST_MS, () =>
    record({ ...run, kinds }, entries, recording, now),
  ).catch((error: unknown): Recorded => ({ news: newsOfActions(entries, kinds), error: notRecorded(error) }));
  const untold = recorded.news.length === 0 ? undefined : await tell(run, recorded, recording, now);
  return [recorded.error, untold].filter((one) => one !== undefined).join(' ') || undefined;
}

/**
 * Stores what people are told before they are told, so that no other run tells it again. Until they are, it counts as unknown whether
 * they were, because the process can end in between. If it cannot be stored, they are told only what happens once.
 */
async function record(
  run: RunOutcome,
  entries: readonly RunEntry[],
  { ports, owner, historyMs }: RunRecording,
  now: number,
): Promise<Recorded> {
  const { job, kinds } = run;
  const { before, error } = await openBefore(run, ports);
  const holds = before && continued(run, before, now);
  const repeated =
    before && holds && run.held
      ? await repeatedNews(
          { job, kinds, entries, present: run.held.holds, holds, told: before.told },
          ports.state,
          now,
        )
      : undefined;
  const open = repeated && holds && { holds: holds.open, told: repeated.told };
  const changes = [
    ...(holds?.ended ?? []).map((hold) => holdEnded(job, hold, now)),
    ...(holds?.begun ?? []).map((hold) => holdBegun(hold, now)),
  ];
  const stored =
    open && (holds.changed || repeated.news.length > 0 || repeated.told !== before?.told)
      ? [
          {
            job,
            open: storableOpen(
              repeated.news.length > 0 ? afterTelling(open, unsure(repeated.news), now) : open,
            ),
          },
        ]
      : [];
  // The holds come first, so that they are stored together with what is open.
  const records = [
    ...storableEntries(changes, owner, historyMs),
    ...stored,
    ...storableEntries(entries, owner, historyMs, changes.length + stored.length),
  ];
  if (records.length > 0) await ports.state.recordHistory(records);
  return {
    news: [...newsOfActions(entries, kinds), ...(repeated?.news ?? [])],
    ...(open && { open }),
    ...(stored[0] && { stored: stored[0].open }),
    ...((error ?? repeated?.error) !== undefined && { error: error ?? repeated?.error }),
  };
}

const unsure = (unknown: readonly News[]) => ({ sent: [], unknown, rejected: [] });

/** What was open before the run; undefined if that does not matter or is not known. */
async function openBefore(
  { job, held }: RunOutcome,
  { state }: Recording['ports'],
): Promise<{ before?: OpenRecord; error?: string }> {
  if (!held) return {};
  try {
    return { before: openFrom(await state.openHolds(job)) };
  } catch (error) {
    return { error: `Could not read which holds are open in the history: ${messageOf(error)}` };
  }
}

/** The holds that began or ended, and what is open now. */
function continued({ job, held }: RunOutcome, before: OpenRecord, now: number): Continued | undefined {
  if (!held) return undefined;
  const { holds, observed } = held;
  const { holdsLingerMs: lingerMs } = jobs[job];
  const looksAt = (table: string): boolean =>
    lingerMs === 0 || !observed.names.has(table) || observed.get('description', table) !== undefined;
  return continueHolds(before.holds, holds, now, { lingerMs, looksAt });
}

const LONGEST_CORRECTION_MS = 5 * SECOND_MS;

/** Tells people, and corrects the record if they could not be told. Returns what could not be sent. */
async function tell(
  run: RunOutcome,
  { news, open, stored }: Recorded,
  { ports }: RunRecording,
  now: number,
): Promise<string | undefined> {
  const unusual = new Set(
    run.results
      .map(({ action }) => action)
      .filter(isUnusual)
      .map(({ table }) => table),
  );
  const hasOwnNotice = (entry: RunEntry): boolean =>
    (entry.kind === 'schedule-deletion' && unusual.has(entry.table)) ||
    (entry.kind === 'hold-begun' && entry.reason === 'retention-shortened');
  const { remark, ...outcome } = await notify(news, hasOwnNotice, run, ports);
  if (!open || news.every(({ key }) => key === undefined)) return remark;
  const corrected = storableOpen(afterTelling(open, outcome, now));
  if (corrected === stored) return remark;
  return endingAt(ports, ports.clock.now() + LONGEST_CORRECTION_MS, () =>
    ports.state.recordHistory([{ job: run.job, open: corrected }]),
  ).then(
    () => remark,
    (error: unknown) => [remark, notRecorded(error)].join(' '),
  );
}
