import { iso } from '../core/calendar/instant.ts';
import { MINUTE_MS, SECOND_MS } from '../core/calendar/period.ts';
import { messageOf, ServiceError } from '../core/failure.ts';
import type { Lease, LeaseAnswer, Ports } from '../ports.ts';

/** The default deadline of a run. */
const LONGEST_RUN_MS = 5 * MINUTE_MS;
/** A lease lasts this much longer than the deadline, because the last call takes time. */
const GRACE_MS = 30 * SECOND_MS;

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
 * Runs `work` while holding a lease, so that two runs of one job never overlap. `work` gets the deadline of the lease.
 * It must not start anything after the deadline, because that would still be in progress when the lease ends.
 * @throws LeaseUnknown if the state table does not answer
 */
export async function withLease<T>(
  { state, clock }: Ports,
  lease: Lease,
  deadline: number | undefined,
  work: (deadline: number) => Promise<T>,
): Promise<Leased<T>> {
  const now = clock.now();
  const end = deadline ?? now + LONGEST_RUN_MS;
  const answer = await state.acquire(lease, now, end + GRACE_MS).catch((error: unknown) => {
    throw error instanceof ServiceError ? new LeaseUnknown(error) : error;
  });
  if (!answer.granted) return answer;
  const release = (): Promise<string | undefined> =>
    state.release(lease).then(
      () => undefined,
      (error: unknown) =>
        `Could not release the lease of ${lease.job}, so it ends at ${iso(end + GRACE_MS)}: ${messageOf(error)}`,
    );
  let value: T;
  try {
    value = await work(end);
  } catch (error) {
    // The error of the work is more important than the error of the lease.
    await release();
    throw error;
  }
  const unreleased = await release();
  return { granted: true, value, ...(unreleased === undefined ? {} : { unreleased }) };
}
