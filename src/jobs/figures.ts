import { Decided } from '../core/decided.ts';
import type { Reading, ShardReport } from '../core/facts.ts';
import { messageOf } from '../core/failure.ts';
import { figuresOf, type RunFigures, type RunOutcome } from '../core/metrics/of-run.ts';
import { isDue, type RunRecords, recordAfter } from '../core/metrics/run-records.ts';
import { asWhole } from '../core/sharding/whole.ts';
import type { Ports } from '../ports.ts';

/** A run that has just ended. */
export interface Ended extends Omit<RunOutcome, 'at' | 'records'> {
  readonly succeeded: boolean;
  /** Whether the run may read and write the state table: it has its lease, and the clock is right. */
  readonly stores: boolean;
}

/** What a run reports, and in words what it could not store for the next reports. */
export interface Report {
  readonly figures: RunFigures;
  readonly remark?: string;
}

/**
 * What a run reports, by the records of all jobs. It stores its own if that changed. Never rejects, because metrics must not make a run
 * fail: without the records, the metrics that need them are left out.
 */
export async function reportOn(
  ended: Ended,
  reading: Reading<RunRecords>,
  { state, clock, share }: Ports,
): Promise<Report> {
  const { job, succeeded, holds, now, stores } = ended;
  const at = Math.max(now, clock.now());
  if (!stores) return { figures: figuresOf({ ...ended, at, records: undefined }) };
  let records: RunRecords | undefined;
  try {
    if ('error' in reading) throw new Error(reading.error);
    const known = asWhole(reading.value);
    const after = recordAfter({ job, succeeded, holds, at }, known);
    const own = share ? { ...after, shard: reportOfShard(ended) } : after;
    records = new Map([...known, [job, own]]);
    // The coordinator needs the newest report of each shard.
    if (share || isDue(job, known.get(job), own)) await state.recordRun(job, own);
    return { figures: figuresOf({ ...ended, at, records }) };
  } catch (error) {
    const remark = `Metrics of lateness and of old holds might be missing: ${messageOf(error)}`;
    return { figures: figuresOf({ ...ended, at, records }), remark };
  }
}

/** What the coordinator has to know of a run of a shard. */
function reportOfShard({ observed, results, holds, now }: Ended): ShardReport {
  const applied = results.flatMap(({ action, outcome }) => (outcome === 'applied' ? action : []));
  return {
    tick: now,
    throughput: new Decided(observed, undefined, applied).known(),
    short: holds.some(({ kind, reason }) => kind === 'raise' && reason === 'account-limit'),
  };
}
