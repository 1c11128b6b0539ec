import type { Reading } from '../core/facts.ts';
import { messageOf } from '../core/failure.ts';

/** The value of a read, or why it failed. */
export async function attempt<T>(reader: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await reader() };
  } catch (error) {
    return { error: messageOf(error) };
  }
}
