import { DAY_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import { Teller, type Told } from './history.ts';
import { Ledger } from './ledger.ts';
import { firstFiles } from './operator.ts';
import { Random } from './random.ts';
import type { Witness } from './run.ts';
import type { Stage } from './stage.ts';

export interface HistoryOptions {
  readonly seed: number;
  readonly history: number;
  readonly days: number;
  /** How many groups there are at most to begin with. */
  readonly groups: number;
  readonly open: (start: number, witness: Witness) => Promise<Stage>;
}

const EARLIEST = Date.UTC(2026, 10, 1);

/** Tells one history of some weeks: the same seed and number tell the same one. */
export async function tell({ seed, history, days, groups, open }: HistoryOptions): Promise<Told> {
  const random = new Random(seed, history);
  const start = EARLIEST + random.between(0, 400 * 24 * 6) * 10 * MINUTE_MS;
  let stage: Stage | undefined;
  const ledger = new Ledger(() => stage!.now());
  stage = await open(start, ledger);
  const teller = new Teller(`${seed}/${history}`, firstFiles(random, groups), random, stage, ledger);
  const usual = Math.random;
  Math.random = () => random.next();
  try {
    await teller.tell(start + days * DAY_MS);
  } finally {
    Math.random = usual;
    await stage.close();
  }
  return teller.told();
}
