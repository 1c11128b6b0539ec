import type { Minute } from '../../../capacity/demand.ts';
import { PAUSE_MINUTES } from '../../../capacity/refusals.ts';
import { demandOf, isLow } from '../../../capacity/throttles.ts';

/** What a capacity throttled per minute: both as multiples of the level of demand. `capacity` is 0 if it is unknown. */
interface Point {
  readonly capacity: number;
  readonly throttled: number;
}

/**
 * What throttled requests at low consumption show: demand is uneven within minutes, and burst capacity does not serve its
 * highest seconds. Metrics do not show these seconds, so a sufficient capacity is found step by step.
 */
export interface Uneven {
  /** The capacity that the highest seconds probably need, as a multiple of the level of demand. */
  readonly needed: number;
  /** The share of demand that was throttled at low consumption, over about an hour. */
  readonly share: number;
  /** The capacity of the newest minute, units per second, and the minutes since it changed. */
  readonly units: number;
  readonly age: number;
  /** The number of minutes at this capacity that were throttled, and the mean of what they throttled, as a multiple of the level. */
  readonly minutes: number;
  readonly throttled: number;
  /** Minutes since the newest throttled one. */
  readonly quiet: number;
  /** The capacity before the last change. */
  readonly before: Point;
  /** The number of consecutive raises that did not reduce throttled requests. */
  readonly inVain: number;
}

/**
 * Minutes after which a third of `needed` is left: two days. Bursts can end, and nothing shows that. So each of the next
 * decreases tries somewhat less.
 */
const NEEDED_MINUTES = 2880;
const SHARE_MINUTES = 60;
/**
 * A raise can take so long, and until then the capacity before it serves. So a minute counts only if its consumption is low at that
 * capacity too.
 */
const EFFECTIVE_MINUTES = 10;
/** A smaller share of demand is not worth a raise. */
const NEGLIGIBLE = 0.002;
/** The smallest and the largest raise, as a share of the capacity, and the first one, per share of demand that was throttled. */
const STEP = { least: 0.05, most: 1, first: 2 };
/** A unit of capacity is worth its price if it serves this many units that would be throttled. */
const WORTH = 0.01;
/** After a number of raises that reduced what is throttled by less than this share, more capacity does not help. */
const RELIEF = { share: 0.02, attempts: 2 };
/** The highest capacity, as a multiple of the level of demand. On-demand is cheaper from 3.46 on. */
const MOST = 6;

/** After a minute at a capacity and a level of demand, units per second. undefined if minutes seem to be even. */
export function unevenAfter(
  known: Uneven | undefined,
  minute: Minute,
  units: number,
  level: number,
): Uneven | undefined {
  const isLowNow = minute.throttled > 0 && isLow(minute, units);
  if (!known) return isLowNow ? begun(units) : undefined;
  if (known.units !== units) return changedTo(known, units, level);
  const age = known.age + 1;
  const isThrottled = isLowNow && (age > EFFECTIVE_MINUTES || isLow(minute, known.before.capacity * level));
  const demand = demandOf(minute);
  const newest = isThrottled ? minute.throttled / demand : 0;
  const share = known.share + (newest - known.share) / SHARE_MINUTES;
  const needed = known.needed * (1 - 1 / NEEDED_MINUTES);
  if (!isThrottled) {
    const quiet = known.quiet + 1;
    return needed < 1 && quiet > SHARE_MINUTES ? undefined : { ...known, age, needed, share, quiet };
  }
  const minutes = known.minutes + 1;
  const throttled = known.throttled + (minute.throttled / (level || demand) - known.throttled) / minutes;
  const next = { ...known, age, needed, share, minutes, throttled, quiet: 0 };
  const sought = soughtBy(next, units, level);
  return sought === undefined ? next : { ...next, needed: Math.max(needed, sought / level) };
}

const begun = (units: number): Uneven => ({
  needed: 0,
  share: 0,
  units,
  age: 0,
  minutes: 0,
  throttled: 0,
  quiet: 0,
  before: { capacity: 0, throttled: 0 },
  inVain: 0,
});

function changedTo(known: Uneven, units: number, level: number): Uneven {
  const wasInVain = units > known.units && known.minutes > 0 && isInVain(known, level);
  return {
    ...known,
    units,
    age: 0,
    minutes: 0,
    throttled: 0,
    quiet: known.quiet + 1,
    before: level > 0 ? { capacity: known.units / level, throttled: known.throttled } : begun(units).before,
    inVain: wasInVain ? known.inVain + 1 : 0,
  };
}

/** Whether the raise to the present capacity did not reduce what is throttled. */
function isInVain({ before, units, throttled }: Uneven, level: number): boolean {
  const wasRaised = before.throttled > 0 && before.capacity * level < units;
  return wasRaised && throttled > before.throttled * (1 - RELIEF.share);
}

/**
 * The capacity to raise to because seconds are throttled at the present one; undefined if nothing is raised for them.
 * Capacity and the level of demand are units per second.
 */
export function soughtBy(uneven: Uneven | undefined, provisioned: number, level: number): number | undefined {
  if (!uneven || uneven.units !== provisioned || uneven.minutes === 0 || level === 0) return undefined;
  const { quiet, share, inVain } = uneven;
  if (quiet >= PAUSE_MINUTES || share < NEGLIGIBLE) return undefined;
  if (isInVain(uneven, level) && inVain + 1 >= RELIEF.attempts) return undefined;
  const step = Math.min(STEP.most, Math.max(STEP.least, stepOf(uneven, level)));
  if (share * level < WORTH * step * provisioned) return undefined;
  const sought = Math.ceil(Math.min(provisioned * (1 + step), MOST * level));
  return sought > provisioned ? sought : undefined;
}

/**
 * The raise as a share of the capacity. The more capacity, the less one more unit serves. So the line through what two
 * capacities throttled reaches zero at a capacity that is no higher than needed.
 */
function stepOf({ before, units, throttled }: Uneven, level: number): number {
  const capacity = units / level;
  const perUnit = (before.throttled - throttled) / (capacity - before.capacity);
  const isKnown = before.capacity > 0 && perUnit > 0;
  return isKnown ? throttled / perUnit / capacity : STEP.first * throttled;
}
