import { iso } from '../../../src/core/calendar/instant.ts';
import { decreasesToday, nextDecreaseAt } from '../../../src/core/capacity/quota.ts';
import type { Capacity } from '../../../src/core/facts.ts';
import { ServiceError } from '../../../src/core/failure.ts';
import type { Provision } from '../../../src/core/plan.ts';
import { ofIndex, type Units } from '../../../src/core/spec.ts';

/** The provisioned throughput of a simulated table or index: the current one, the next one, and the used decreases. */
export interface Provisioned {
  readonly index?: string;
  current: Units;
  /** The throughput that is effective once the change has completed. */
  next?: Units;
  lastIncrease?: number;
  lastDecrease?: number;
  decreases: number;
}

export function provisionOf(throughput: readonly Provision[], index: string | undefined): Units | undefined {
  const own = throughput.find((provision) => provision.index === index);
  return own && { read: own.read, write: own.write };
}

export function capacityOf(provisioned: Provisioned, status: string, now: number): Capacity {
  const { index, current, lastIncrease, lastDecrease } = provisioned;
  return {
    ...ofIndex(index),
    ...current,
    status,
    lastIncrease,
    lastDecrease,
    decreases: decreasesToday(provisioned, now),
  };
}

const lowers = (from: Units, to: Units): boolean => to.read < from.read || to.write < from.write;
const raises = (from: Units, to: Units): boolean => to.read > from.read || to.write > from.write;

export function check(provisioned: Provisioned, to: Units, now: number): void {
  const { current } = provisioned;
  if (!lowers(current, to) && !raises(current, to)) {
    throw new ServiceError('refused', 'The provisioned throughput for the table will not change.');
  }
  const until = nextDecreaseAt(provisioned, now);
  if (lowers(current, to) && until > now) {
    throw new ServiceError(
      'refused',
      `Provisioned throughput decreases are limited within a given UTC day until ${iso(until)}.`,
    );
  }
}

export function begin(provisioned: Provisioned, to: Units, now: number): void {
  const { current } = provisioned;
  if (raises(current, to)) provisioned.lastIncrease = now;
  if (lowers(current, to)) {
    provisioned.decreases = decreasesToday(provisioned, now) + 1;
    provisioned.lastDecrease = now;
  }
  provisioned.next = to;
}
