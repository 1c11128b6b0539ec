/** The history of an environment: what runs did and held, and what people commanded. */
import { iso } from '../core/calendar/instant.ts';
import { SECOND_MS } from '../core/calendar/period.ts';
import { messageOf } from '../core/failure.ts';
import type { CommandEntry } from '../core/history/entry.ts';
import { actionEntries, holdBegun, holdEnded } from '../core/history/of-run.ts';
import { continueHolds, type OpenRecord, openFrom, storableOpen } from '../core/history/open-holds.ts';
import { type StoredEntry, type StoredOpen, storableEntries } from '../core/history/stored.ts';
import { jobs } from '../core/jobs.ts';
import type { Observed } from '../core/observed.ts';
import type { Hold, Job } from '../core/plan.ts';
import type { Ports } from '../ports.ts';
import type { Result } from './round.ts';
import { endingAt } from './run-times.ts';

/** The history must not delay the end of a run, or the answer of a command, for long. */
const LONGEST_MS = 10 * SECOND_MS;
const LONGEST_ASKING_MS = 5 * SECOND_MS;

/** Notes when each action ended, for the history. */
export class ResultTimes {
  readonly #times = new Map<Result, number>();
  readonly #clock: Ports['clock'];

  constructor(clock: Ports['clock']) {
    this.#clock = clock;
  }

  readonly note = (result: Result): void => {
    this.#times.set(result, this.#clock.now());
  };

  /** Epoch milliseconds of the wall clock. */
  of(result: Result): number {
    return this.#times.get(result) ?? this.#clock.now();
  }
}

/** Where and how the entries of a run or a command are stored. */
export interface Recording {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'within' | 'caller'>;
  /** Unique for each invocation. */
  readonly owner: string;
  /** How long entries are retained, milliseconds. */
  readonly historyMs: number;
}

/** What a run did. */
export interface RunOutcome {
  readonly job: Job;
  readonly results: readonly Result[];
  readonly times: ResultTimes;
  /** All holds of the run; undefined if it did not decide everything, or if its time might be wrong. */
  readonly held?: { readonly holds: readonly Hold[]; readonly observed: Observed };
}

/**
 * Adds what a run did to the history: its actions, and the holds that began or ended. Reads one record. Writes nothing if there is
 * nothing to add. Returns why something could not be added. Never rejects.
 */
export async function recordRun(run: RunOutcome, recording: Recording): Promise<string | undefined> {
  const { ports, owner, historyMs } = recording;
  const now = ports.clock.now();
  const work = async (): Promise<string | undefined> => {
    const { before, error } = await openBefore(run, ports);
    const changes = before === undefined ? [] : holdRecords(run, before, recording, now);
    const done = run.results
      .map((result) => ({ result, at: run.times.of(result) }))
      .sort((a, b) => a.at - b.at)
      .flatMap(({ result, at }) => actionEntries(result, at));
    // The holds come first, so that they are stored together with what is open.
    const records = [...changes, ...storableEntries(done, owner, historyMs, changes.length)];
    if (records.length > 0) await ports.state.recordHistory(records);
    return error;
  };
  return endingAt(ports, now + LONGEST_MS, work).catch(notRecorded);
}

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

/** The holds that began or ended, and what is open now, if that changed. */
function holdRecords(
  { job, held }: RunOutcome,
  before: OpenRecord,
  { owner, historyMs }: Recording,
  now: number,
): (StoredEntry | StoredOpen)[] {
  if (!held) return [];
  const { holds, observed } = held;
  const { holdsLingerMs: lingerMs } = jobs[job];
  const looksAt = (table: string): boolean =>
    lingerMs === 0 || !observed.names.has(table) || observed.get('description', table) !== undefined;
  const { begun, ended, open, changed } = continueHolds(before.holds, holds, now, {
    lingerMs,
    looksAt,
  });
  if (!changed) return [];
  const entries = [
    ...ended.map((hold) => holdEnded(job, hold, now)),
    ...begun.map((hold) => holdBegun(hold, now)),
  ];
  return [
    ...storableEntries(entries, owner, historyMs),
    { job, open: storableOpen({ ...before, holds: open }) },
  ];
}

/** A command of a person. */
export type Command = Pick<CommandEntry, 'command' | 'group' | 'message'>;

/**
 * Adds a command to the history, with the ARN of its caller, and what it applied. Returns why that failed. Never rejects.
 */
export async function recordCommand(
  command: Command,
  recording: Recording,
  done: Pick<RunOutcome, 'results' | 'times'> = {
    results: [],
    times: new ResultTimes(recording.ports.clock),
  },
): Promise<string | undefined> {
  const { ports, owner, historyMs } = recording;
  const now = ports.clock.now();
  const work = async (): Promise<undefined> => {
    const entry: CommandEntry = { at: iso(now), kind: 'command', ...command, ...(await callerOf(ports)) };
    const applied = done.results.flatMap((result) => actionEntries(result, done.times.of(result)));
    await ports.state.recordHistory(storableEntries([entry, ...applied], owner, historyMs));
  };
  return endingAt(ports, now + LONGEST_MS, work).catch(notRecorded);
}

async function callerOf(ports: Recording['ports']): Promise<Pick<CommandEntry, 'by' | 'byUnknown'>> {
  const { caller, clock } = ports;
  if (!caller) return { by: 'unknown', byUnknown: 'This process cannot ask AWS.' };
  try {
    const { arn } = await endingAt(ports, clock.now() + LONGEST_ASKING_MS, () => caller.identity());
    return { by: arn };
  } catch (error) {
    return { by: 'unknown', byUnknown: messageOf(error) };
  }
}

const notRecorded = (error: unknown): string =>
  `Could not add everything to the history: ${messageOf(error)}`;
