import type { StatelessMethod } from '../../capacity/method.ts';
import { proposed, usage } from './proposed.ts';
import { SCALE_IN_MINUTES, tracked } from './tracking.ts';

/** The rule of Application Auto Scaling's target tracking. It does not see throttled demand. */
export const targetTracking: StatelessMethod = {
  learns: false,
  parameters: ['TargetUtilization'],
  silentMinutes: SCALE_IN_MINUTES,
  decide({ minutes, provisioned, scaling: { targetUtilization } }) {
    const units = tracked(targetUtilization, provisioned, (ago) => minutes.at(-ago)?.consumed);
    const newest = minutes.at(-1)?.consumed ?? 0;
    return proposed(units, provisioned, `${usage(newest, provisioned)}, target ${targetUtilization}%`);
  },
};
