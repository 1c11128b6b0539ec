import type { Method } from '../../capacity/method.ts';
import { proposed, usage } from './proposed.ts';
import { tracked } from './tracking.ts';

/** As Application Auto Scaling does it; throttled demand does not count. */
export const targetTracking: Method = ({ minutes, provisioned, scaling: { targetUtilization } }) => {
  const units = tracked(targetUtilization, provisioned, (ago) => minutes.at(-ago)?.consumed);
  const newest = minutes.at(-1)?.consumed ?? 0;
  return proposed(units, provisioned, `${usage(newest, provisioned)} (target ${targetUtilization} %)`);
};
