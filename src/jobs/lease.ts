import { iso } from '../core/calendar/instant.ts';
import { MINUTE_MS, SECOND_MS } from '../core/calendar/period.ts';
import { messageOf, ServiceError } from '../core/failure.ts';
import type { Lease, Ports } from '../ports.ts';

/** The deadline of a run where nobody sets one. */
const LONGEST_RUN_MS = 5 * MINUTE_MS;
/** A lease outlives the deadline by the time that the last call may take. */
const GRACE_MS = 30 * SECOND_MS;

export type Leased<T> =
  | {
      readonly granted: true;
      readonly value: T;
      /** Why the lease could not be given back, and until when it stands. */
      readonly kept?: string;
    }
  | { readonly granted: false; readonly owner: string; readonly expiresAt: number };

/** Nobody can tell whether another run holds the lease. */
export class LeaseUnknown extends ServiceError {
  constructor(cause: ServiceError) {
    super(cause.code, cause.message, { cause });
  }
}

/** Why a job has to wait: another run of it holds the lease. */
export const sayHeld = (job: string, { owner, expiresAt }: { owner: string; expiresAt: number }): string =>
  `Another ${job} run is under way (${owner}, until ${iso(expiresAt)} at the latest).`;

/**
 * Runs `work` while holding a lease, so that two runs of one job never overlap. `work` gets the deadline that
 * the lease was taken for: nothing may begin after it, or it would outlive the lease.
 * @throws LeaseUnknown where the state table does not answer
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
  const giveBack = (): Promise<string | undefined> =>
    state.release(lease).then(
      () => undefined,
      (error: unknown) =>
        `The lease of ${lease.job} could not be given back and stands until ${iso(end + GRACE_MS)}: ${messageOf(error)}`,
    );
  let value: T;
  try {
    value = await work(end);
  } catch (error) {
    // The failure of the work says more than that of the lease.
    await giveBack();
    throw error;
  }
  const kept = await giveBack();
  return { granted: true, value, ...(kept === undefined ? {} : { kept }) };
}
