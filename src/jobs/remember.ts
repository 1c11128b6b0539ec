import pMap from 'p-map';
import { type Remembered, storable } from '../core/capacity/remembered.ts';
import { messageOf } from '../core/failure.ts';
import type { Ports } from '../ports.ts';

const CONCURRENT_WRITES = 8;

/**
 * Stores what was learned for the next run. If that fails, returns why. The next run then learns it again from metrics.
 */
export async function remember(
  learned: ReadonlyMap<string, Remembered>,
  { state }: Ports,
): Promise<string | undefined> {
  const failures: string[] = [];
  await pMap(
    learned,
    ([group, remembered]) =>
      state.remember(group, storable(remembered)).catch((error: unknown) => {
        failures.push(messageOf(error));
      }),
    { concurrency: CONCURRENT_WRITES },
  );
  const [first] = failures;
  return first === undefined ? undefined : `Could not store learned demand: ${first}`;
}
