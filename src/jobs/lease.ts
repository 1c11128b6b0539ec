import { MINUTE_MS, SECOND_MS } from '../core/period.ts';
import type { Lease, Ports } from '../ports.ts';

/** Where nobody sets a deadline, a run that died gives way after this long. */
const LONGEST_RUN_MS = 15 * MINUTE_MS;
/** A lease outlives the deadline by the time that the last call may take. */
const GRACE_MS = 30 * SECOND_MS;

export type Leased<T> =
  | { readonly granted: true; readonly value: T }
  | { readonly granted: false; readonly owner: string; readonly expiresAt: number };

/** Runs `work` while holding a lease, so that two runs of one job never overlap. */
export async function withLease<T>(
  { state, clock }: Ports,
  lease: Lease,
  deadline: number | undefined,
  work: () => Promise<T>,
): Promise<Leased<T>> {
  const now = clock.now();
  const answer = await state.acquire(lease, now, (deadline ?? now + LONGEST_RUN_MS) + GRACE_MS);
  if (!answer.granted) return answer;
  try {
    return { granted: true, value: await work() };
  } finally {
    await state.release(lease).catch(() => undefined);
  }
}
