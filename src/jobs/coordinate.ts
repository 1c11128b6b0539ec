/** Cuts the fleet into shards, and tells the worker of each one to run. */
import { iso } from '../core/calendar/instant.ts';
import { MINUTE_MS, SECOND_MS } from '../core/calendar/period.ts';
import type { AccountLimits, Reading, RunRecord, ShardLayout } from '../core/facts.ts';
import { TOLERATED_MS } from '../core/guards/clock-check.ts';
import { measured } from '../core/metrics/measurement.ts';
import type { RunFigures } from '../core/metrics/of-run.ts';
import { msSinceSuccess } from '../core/metrics/run-records.ts';
import { boundsOf, elsewhereOf, useOf } from '../core/sharding/bounds.ts';
import { SHARDED, shardId } from '../core/sharding/ids.ts';
import { type Layout, layoutOf } from '../core/sharding/layout.ts';
import { asWhole } from '../core/sharding/whole.ts';
import type { Config, Units } from '../core/spec.ts';
import { plural } from '../core/text.ts';
import type { Ports, TickQueue } from '../ports.ts';
import { attempt } from './attempt.ts';
import { ListedNames } from './listed-names.ts';
import { mostShards, recut } from './scale-records.ts';
import { runningShard } from './shard-state.ts';

/** What the coordinator did in a minute. */
export interface Coordinated {
  readonly job: typeof SHARDED;
  readonly environment: string;
  /** The instant of the ticks, ISO 8601. */
  readonly at: string;
  /** `skipped`: the ticks of this minute were sent already, or shards of an earlier layout are still running. */
  readonly outcome: 'done' | 'skipped';
  readonly message: string;
  readonly shards: number;
}

export interface Coordination {
  readonly shards: number;
  /** Gets the metrics that are about all shards. */
  readonly report?: (figures: RunFigures) => void;
  /** What earlier invocations in this process have listed. Default: nothing. */
  readonly listed?: ListedNames;
}

export type CoordinatorPorts = Pick<Ports, 'tables' | 'state' | 'clock'> & {
  readonly ticks: Pick<TickQueue, 'send'>;
};

type Records = ReadonlyMap<string, RunRecord>;

/**
 * Sends one tick to each shard for `now`, epoch milliseconds. What the shards have reported since the last one decides how much of the
 * account's limits each may use. The workers wait for the ticks, so the tables are listed afterwards, for the next minute, if the names
 * of the last one are known.
 * @throws ServiceError if the tables or the state table cannot be read, or if not all ticks were accepted
 */
export async function coordinate(
  config: Config,
  ports: CoordinatorPorts,
  now: number,
  { shards, report, listed = new ListedNames() }: Coordination,
): Promise<Coordinated> {
  const { state, tables, ticks, clock } = ports;
  const layout = layoutOf(config, shards);
  const list = () => listed.list(tables, layout, clock.now());
  const known = listed.recent(layout, clock.now());
  const [byShard, { layout: before }, records, limits] = await Promise.all([
    known ?? list(),
    state.shards(),
    state.runs(),
    attempt(() => tables.limits()),
  ]);
  report?.(figuresOf(records, Math.max(now, clock.now())));
  const at = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const ended = (outcome: Coordinated['outcome'], message: string): Coordinated => ({
    ...{ job: SHARDED, environment: config.environment, at: iso(now), outcome, message, shards },
  });
  if (isInUse(before, layout) && before.at >= at && before.at <= clock.now() + TOLERATED_MS)
    return ended('skipped', `The ticks of ${iso(before.at)} were sent already.`);
  const opened = isInUse(before, layout) ? { open: before, records } : await open(layout, before, at, ports);
  if ('wait' in opened) return ended('skipped', opened.wait);
  const bounds = boundsFor(layout, opened, limits);
  if (!(await state.recordLayout({ shards, stamp: layout.stamp, at, bounds }, opened.open)))
    return ended('skipped', OTHER);
  await ticks.send(
    byShard.map((own, shard) => ({
      ...{ shard, shards, stamp: layout.stamp, at: now, names: own },
      elsewhere: elsewhereOf(bounds, shard),
    })),
  );
  const count = byShard.reduce((sum, own) => sum + own.length, 0);
  const next = known ? await attempt(list) : undefined;
  const unlisted = next && 'error' in next ? ` ${UNLISTED} ${next.error}` : '';
  const unread = 'error' in limits ? ` Could not read the limits of the account: ${limits.error}` : '';
  return ended('done', `${plural(count, 'table')} in ${plural(shards, 'shard')}.${unread}${unlisted}`);
}

const UNLISTED = 'Could not list the tables for the next minute, whose ticks wait for another try:';
const OTHER = 'Another coordinator sends the ticks of this minute.';

/** Whether workers already use the layout. */
const isInUse = (
  before: ShardLayout | undefined,
  { stamp }: Layout,
): before is ShardLayout & Required<Pick<ShardLayout, 'bounds'>> =>
  before?.stamp === stamp && before.bounds !== undefined;

interface Opened {
  readonly open: ShardLayout;
  readonly records: Records;
}

/**
 * Changes the layout. No run of an earlier one may be in progress then, or two of them could act on one group. So the layout is first
 * replaced by one without bounds, with which no shard starts, and then the coordinator looks whether one has. What runs have stored
 * is moved to the shards that now have the groups.
 */
async function open(
  layout: Layout,
  before: ShardLayout | undefined,
  at: number,
  { state, clock }: CoordinatorPorts,
): Promise<Opened | { readonly wait: string }> {
  const { shards, stamp } = layout;
  const from = mostShards(before);
  const next: ShardLayout = { shards, stamp, at, from };
  if (!(await state.recordLayout(next, before))) return { wait: OTHER };
  const running = runningShard((await state.shards()).leases, clock.now());
  if (running) {
    const until = iso(running.expiresAt);
    return { wait: `The shards change when a run of an earlier one has ended, at ${until} at the latest.` };
  }
  await recut(state, from, layout, clock.now());
  return { open: next, records: await state.runs() };
}

/** The throughput that each shard may have until the next tick. */
function boundsFor(
  { shards }: Layout,
  { open: before, records }: Opened,
  limits: Reading<AccountLimits>,
): Units[] {
  const uses = Array.from({ length: shards }, (_, shard) =>
    useOf(records.get(shardId(shard)), before, shard),
  );
  return boundsOf(uses, 'value' in limits ? limits.value : undefined);
}

/** Workers report what is about their groups. When the last of all shards has succeeded, only the coordinator knows. */
const figuresOf = (records: Records, at: number): RunFigures => ({
  measurements: measured('SecondsSinceScale', msSinceSuccess(SHARDED, asWhole(records), at) / SECOND_MS),
  fields: {},
});
