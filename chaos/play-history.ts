import { DAY_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import { History, type HistoryResult } from './history.ts';
import { Ledger } from './ledger.ts';
import { firstFiles, unprotected } from './operator.ts';
import { Random } from './random.ts';
import type { Observer } from './run.ts';
import type { System } from './system.ts';

export interface HistoryOptions {
  readonly seed: number;
  readonly history: number;
  readonly days: number;
  /** The maximum number of groups at the start. */
  readonly groups: number;
  /** Whether operators tear the environment down, and open it again. */
  readonly closes?: boolean;
  readonly open: (start: number, observer: Observer, hasTopic: boolean) => Promise<System>;
}

const EARLIEST = Date.UTC(2026, 10, 1);

/** Plays one history of several days. The same seed and number always give the same history. */
export async function playHistory({
  seed,
  history,
  days,
  groups,
  closes = false,
  open,
}: HistoryOptions): Promise<HistoryResult> {
  const random = new Random(seed, history);
  const start = EARLIEST + random.between(0, 400 * 24 * 6) * 10 * MINUTE_MS;
  let system: System | undefined;
  const ledger = new Ledger(() => system!.now());
  ledger.archived = (table) => system?.archived?.(table) ?? true;
  system = await open(start, ledger, random.chance(0.5));
  ledger.hasTopic = system.hasTopic;
  ledger.embedded = system.embedded === true;
  const first = firstFiles(random, groups);
  const files = closes ? unprotected(first) : first;
  const played = new History(`${seed}/${history}`, files, random, system, ledger, closes);
  const original = Math.random;
  Math.random = () => random.next();
  try {
    await played.play(start + days * DAY_MS);
  } finally {
    Math.random = original;
    await system.close();
  }
  return played.result();
}
