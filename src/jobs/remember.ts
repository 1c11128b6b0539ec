import pMap from 'p-map';
import { type Remembered, storable } from '../core/capacity/remembered.ts';
import { messageOf } from '../core/failure.ts';
import { membersOf } from '../core/fleet.ts';
import type { Observed } from '../core/observed.ts';
import { SIGHTINGS, sameSightings, storableSightings } from '../core/sightings.ts';
import type { Config } from '../core/spec.ts';
import { sightingsAfter } from '../core/usability.ts';
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

/**
 * Stores since when tables have a status that DynamoDB gives no time of. A steady fleet has none, so nothing is written.
 * If that fails, the next run sees them for the first time.
 */
export async function rememberSightings(
  config: Config,
  observed: Observed,
  { state }: Ports,
  now: number,
): Promise<void> {
  const tables = [...membersOf(config, observed.names, now).values()].flat();
  const sightings = sightingsAfter(observed, tables, now);
  if (sameSightings(sightings, observed.sightings)) return;
  await state.remember(SIGHTINGS, storableSightings(sightings)).catch(() => {});
}
