import { iso } from '../core/calendar/instant.ts';
import type { ShardLayout } from '../core/facts.ts';
import { messageOf, ServiceError } from '../core/failure.ts';
import { SHARDED } from '../core/sharding/ids.ts';
import type { Lease, LeaseAnswer, Ports } from '../ports.ts';
import { endingAt, type RunTimes, runTimes } from './run-times.ts';
import { runningShard } from './shard-state.ts';

export type Leased<T> =
  | {
      readonly granted: true;
      readonly value: T;
      /** Why the lease could not be released, and when it ends. */
      readonly unreleased?: string;
    }
  | Extract<LeaseAnswer, { readonly granted: false }>;

/** The state table could not tell whether another run holds the lease. */
export class LeaseUnknown extends ServiceError {
  constructor(cause: ServiceError) {
    super(cause.code, cause.message, { cause });
  }
}

/** Why a job cannot run now: another run of the same job holds the lease. */
export const sayHeld = (job: string, { owner, expiresAt }: { owner: string; expiresAt: number }): string =>
  `Another ${job} run is in progress (${owner}). Its lease ends at ${iso(expiresAt)}.`;

/**
 * Runs `work` while holding a lease until `end`, in epoch milliseconds, so that two runs of one job never overlap. `work`
 * must not start anything after its deadline. Its calls to AWS are ended before the lease ends. For a job that can be cut into
 * shards, it gets the layout.
 * @throws LeaseUnknown if the state table does not answer
 */
export async function withLease<T>(
  ports: Ports,
  lease: Lease,
  end: number,
  work: (times: RunTimes, layout?: ShardLayout) => Promise<T>,
): Promise<Leased<T>> {
  const now = ports.clock.now();
  return endingAt(ports, end, async () => {
    const { answer, layout } = await acquired(ports, lease, now, end).catch((error: unknown) => {
      throw error instanceof ServiceError ? new LeaseUnknown(error) : error;
    });
    if (!answer.granted) return answer;
    return leased(ports, lease, runTimes(now, end), (times) => work(times, layout));
  });
}

interface Acquired {
  readonly answer: LeaseAnswer;
  /** How the fleet is cut into shards, for a run of the whole fleet. */
  readonly layout?: ShardLayout | undefined;
}

/** The part of the time of a run in which it may look for shards. */
const LOOKING_SHARE = 1 / 16;

/**
 * A run of the whole fleet and one of a shard exclude each other: each looks for the other after it has its own lease. If the state table
 * does not answer, a run of the whole fleet goes on, because throttled tables must be raised. A worker does not.
 */
async function acquired(ports: Ports, lease: Lease, now: number, end: number): Promise<Acquired> {
  const { state } = ports;
  const answer = await state.acquire(lease, now, end);
  if (!answer.granted || lease.job !== SHARDED) return { answer };
  const until = now + (end - now) * LOOKING_SHARE;
  const { layout, leases } = await endingAt(ports, until, () => state.shards()).catch(() => nothingKnown);
  const rival = runningShard(leases, now);
  if (rival) await state.release(lease);
  return { answer: rival ?? answer, layout };
}

const nothingKnown = { layout: undefined, leases: [] };

async function leased<T>(
  ports: Ports,
  lease: Lease,
  times: RunTimes,
  work: (times: RunTimes) => Promise<T>,
): Promise<Leased<T>> {
  const release = (): Promise<string | undefined> =>
    ports.state.release(lease).then(
      () => undefined,
      (error: unknown) =>
        `Could not release the lease of ${lease.job}, so it ends at ${iso(times.end)}: ${messageOf(error)}`,
    );
  let value: T;
  try {
    value = await endingAt(ports, times.callsEnd, () => work(times));
  } catch (error) {
    // The error of the work is more important than the error of the lease.
    await release();
    throw error;
  }
  const unreleased = await release();
  return { granted: true, value, ...(unreleased === undefined ? {} : { unreleased }) };
}
