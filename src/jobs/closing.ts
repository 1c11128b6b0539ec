import { iso } from '../core/calendar/instant.ts';
import type { Closing, Reading } from '../core/facts.ts';
import { isFailure, messageOf } from '../core/failure.ts';
import { knownClosing } from '../core/guards/closing.ts';
import type { Observed } from '../core/observed.ts';
import type { Plan } from '../core/plan.ts';
import type { Config } from '../core/spec.ts';
import type { StateStore } from '../ports.ts';

/**
 * The mark that the environment is closed, or why it is not known. A missing state table has none.
 * @throws ServiceError, `newer-state`
 */
export async function closingOf(state: StateStore): Promise<Reading<Closing | undefined>> {
  try {
    return { value: await state.closing() };
  } catch (error) {
    if (isFailure(error, 'newer-state')) throw error;
    return isFailure(error, 'not-found') ? { value: undefined } : { error: messageOf(error) };
  }
}

/** What a plan says of the mark at `now`, epoch milliseconds: since when the environment is closed, or why that is not known. */
export function writtenClosing(
  observed: Observed,
  config: Config,
  now: number,
): Pick<Plan, 'closed' | 'closedUnread'> {
  const { closing } = observed;
  if (closing && 'error' in closing) return { closedUnread: closing.error };
  const mark = knownClosing(observed, config, now);
  if (!mark) return {};
  return { closed: { since: iso(mark.since), ...(mark.by !== undefined && { by: mark.by }) } };
}
