/** One drill, from its start to its end, for a person who waits. */
import { decideDrill, sourcesInTurn, spentIn, type ToBegin, type ToSkip } from '../core/drilling/choose.ts';
import { type DrillRecord, monthOf } from '../core/drilling/record.ts';
import { ServiceError } from '../core/failure.ts';
import type { Config, Spec } from '../core/spec.ts';
import { type DrillPorts, readRecords, runDrills } from './drill.ts';
import { sourcesOf } from './drill-archive.ts';
import { defaultBackoff, pauseBefore } from './retry.ts';

/** `started`: an earlier run began the drill. */
export interface DrillPlan extends ToBegin {
  readonly started: boolean;
  /** The newest drill that ended. */
  readonly last?: DrillRecord['last'];
}

/**
 * What a drill of a group would restore of what existed at `now`, or why none is possible. Changes nothing.
 * @throws ServiceError
 */
export async function surveyDrill(
  config: Config,
  spec: Spec,
  now: number,
  ports: Pick<DrillPorts, 'state' | 'backups' | 'archive' | 'loads' | 'clock'>,
): Promise<DrillPlan | ToSkip> {
  const records = await readRecords(ports);
  const { drill, last } = records.get(spec.name) ?? {};
  const known = last && { last };
  if (drill) return { spec, backup: drill.backup, usd: drill.usd, started: true, ...known };
  const { sources, unread } = await sourcesOf([spec], config, ports);
  if (unread.has(spec)) throw unread.get(spec);
  const backup = sourcesInTurn([spec], sources, records, now).get(spec);
  const spent = spentIn(records, monthOf(ports.clock.now()));
  const decided = decideDrill(spec, backup, spent, config);
  return 'reason' in decided ? decided : { ...decided, started: false, ...known };
}

export interface DrillOptions {
  /** A new owner of the lease for each run. */
  readonly owner: () => string;
  /** Once aborted, the command stops waiting. The next run continues the drill. */
  readonly stop?: AbortSignal;
  readonly onWait?: () => void;
}

const PAUSES = { ...defaultBackoff, longestDelayMs: 15_000 };
/** So many runs in a row that could not do all they had to. */
const MOST_FAILURES = 4;

/** Drills a group until it is over. undefined if it was stopped before. @throws ServiceError */
export async function drillToEnd(
  plan: DrillPlan,
  config: Config,
  ports: DrillPorts,
  { owner, stop, onWait }: DrillOptions,
): Promise<NonNullable<DrillRecord['last']> | undefined> {
  const group = plan.spec.name;
  let begin: ToBegin | undefined = plan.started ? undefined : plan;
  for (let round = 1, failures = 0; ; round += 1) {
    const summary = await runDrills(config, ports, { owner: owner(), only: group, ...(begin && { begin }) });
    if (summary.outcome !== 'skipped') begin = undefined;
    const { drill, last } = (await readRecords(ports)).get(group) ?? {};
    // The function can end it too.
    if (!drill && !begin && last && last.at !== plan.last?.at) return last;
    failures = summary.outcome === 'failed' ? failures + 1 : 0;
    if (failures >= MOST_FAILURES || (!drill && !begin))
      throw new ServiceError('unavailable', summary.message);
    if (stop?.aborted) return undefined;
    onWait?.();
    await ports.clock.sleep(pauseBefore(Math.min(round, 8), PAUSES), stop);
    if (stop?.aborted) return undefined;
  }
}
