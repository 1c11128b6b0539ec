import { MINUTE_MS, type RotationScheme, SECOND_MS } from '../calendar/period.ts';
import type { Resource, Spec } from '../spec.ts';

/** From short to long. Where a period of a scheme starts, so does one of each shorter scheme, except that weeks differ from months. */
const LENGTHS: Readonly<Record<RotationScheme, number>> = {
  hourly: 0,
  daily: 1,
  weekly: 2,
  monthly: 3,
  yearly: 4,
  none: 5,
};

/**
 * The part of a minute in which a run of scale changes tables. It also reads, ends before the next one, and is throttled now and then:
 * with one change per second, it made 32 of 60 in bench/midnight.ts.
 */
const CHANGING_PART = 1 / 2;

type Queued = Pick<Spec, 'name' | 'scheme' | 'resources'>;

/**
 * How much earlier each group's upcoming table is raised, in milliseconds, by group. An account accepts few changes of tables per
 * second, so the raises before an instant at which many periods start queue up: the largest table first, and so early that the last
 * one is not late. Whole minutes, because scale runs each minute.
 */
export function queueOf(specs: readonly Queued[], changesPerSecond: number): ReadonlyMap<string, number> {
  const raised = specs.filter(({ scheme, resources }) => scheme !== 'none' && resources.length > 0);
  const smallestFirst = raised
    .map((spec) => ({ spec, units: unitsOf(spec), length: LENGTHS[spec.scheme] }))
    .reverse()
    .sort((a, b) => a.units - b.units);
  const perRaiseMs = SECOND_MS / (changesPerSecond * CHANGING_PART);
  // For each length: how many raises of groups with periods as short or shorter have a place behind.
  const behind = Object.values(LENGTHS).map(() => 0);
  return new Map(
    smallestFirst.map(({ spec, length }) => {
      const waitMs = behind[length]! * perRaiseMs;
      for (let longer = length; longer < behind.length; longer += 1) behind[longer]! += 1;
      return [spec.name, Math.floor(waitMs / MINUTE_MS) * MINUTE_MS];
    }),
  );
}

const unitsOf = ({ resources }: Queued): number =>
  resources.reduce((sum, { full }: Resource) => sum + full.read + full.write, 0);
