import type { Closing, Reading } from '../core/facts.ts';
import { isFailure, messageOf } from '../core/failure.ts';
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
