/** The history of an environment: what people commanded. What runs did and held is in record-run.ts. */
import { iso } from '../core/calendar/instant.ts';
import { SECOND_MS } from '../core/calendar/period.ts';
import { messageOf } from '../core/failure.ts';
import type { CommandEntry } from '../core/history/entry.ts';
import { actionEntries } from '../core/history/of-run.ts';
import { storableEntries } from '../core/history/stored.ts';
import type { Ports } from '../ports.ts';
import type { Result } from './round.ts';
import { endingAt } from './run-times.ts';

/** The history must not delay the end of a run, or the answer of a command, for long. */
export const LONGEST_MS = 10 * SECOND_MS;
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

/** A command of a person. */
export type Command = Pick<CommandEntry, 'command' | 'group' | 'message'>;

/**
 * Adds a command to the history, with the ARN of its caller, and what it applied. Returns why that failed. Never rejects.
 */
export async function recordCommand(
  command: Command,
  recording: Recording,
  done: { readonly results: readonly Result[]; readonly times: ResultTimes } = {
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

export const notRecorded = (error: unknown): string =>
  `Could not add everything to the history: ${messageOf(error)}`;
