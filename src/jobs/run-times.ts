import { MINUTE_MS, SECOND_MS } from '../core/calendar/period.ts';
import type { Ports } from '../ports.ts';
import type { Patience } from './table-reads.ts';

/** When a run has to stop. All are epoch milliseconds of the wall clock. */
export interface RunTimes {
  /** The process or its lease ends. No call may be in progress any more. */
  readonly end: number;
  /** Calls in progress are ended. What remains is for the release of the lease. */
  readonly callsEnd: number;
  /** No action starts afterwards. What remains is for the calls in progress. */
  readonly deadline: number;
}

/** How long a run may take if its process sets no end. Longer than the clocks of two machines differ. */
export const LONGEST_RUN_MS = 5 * MINUTE_MS;
/** The time between the deadline and the end. Short runs have less. */
const RESERVE_MS = 10 * SECOND_MS;
const RESERVE_SHARE = 1 / 4;
/** The part of it for the release of the lease. */
const RELEASE_SHARE = 1 / 2;

/** The times of a run that starts `now`. */
export function runTimes(now: number, end: number): RunTimes {
  const reserveMs = Math.min(RESERVE_MS, Math.max(0, end - now) * RESERVE_SHARE);
  return { end, deadline: end - reserveMs, callsEnd: end - reserveMs * RELEASE_SHARE };
}

const WAVE_MS = 3 * SECOND_MS;
const WAVE_SHARE = 1 / 8;
/** The part of the time until the deadline in which a run may wait for reads. */
const READING_SHARE = 3 / 4;

/** The part of it for one read of the state table. In a function's usual time, a second try fits in. A run has two such reads. */
const STATE_SHARE = 1 / 4;

/** How long a run waits for reads, by its time until the deadline. */
export function patienceUntil(deadline: number, now: number, actsWhileReading: boolean): Patience {
  const timeMs = Math.max(0, deadline - now);
  const allMs = timeMs * READING_SHARE;
  const waveMs = actsWhileReading ? Math.min(WAVE_MS, allMs * WAVE_SHARE) : allMs;
  return { stateMs: timeMs * STATE_SHARE, allMs, waveMs };
}

/** Runs `work`, and ends its calls to AWS at an instant, in epoch milliseconds of the wall clock. */
export const endingAt = <T>(
  { clock, within }: Pick<Ports, 'clock' | 'within'>,
  instant: number,
  work: () => Promise<T>,
): Promise<T> => (within ? within(Math.max(1, instant - clock.now()), work) : work());

/** Reads the state table, with the limit of a run. Without `patience`, only calls have limits. */
export const readingState = <T>(
  ports: Pick<Ports, 'clock' | 'within'>,
  patience: Patience | undefined,
  read: () => Promise<T>,
): Promise<T> => (patience ? endingAt(ports, ports.clock.now() + patience.stateMs, read) : read());
