import { tracked } from '../../core/scaling/methods/tracking.ts';
import type { Controller } from '../simulate.ts';

/** Target tracking of Application Auto Scaling at `target` percent, with the rule of the method of that name. */
export const targetTracking =
  (target: number): Controller =>
  ({ t, provisioned, consumed }) =>
    tracked(target, provisioned, (ago) => (ago > t ? undefined : consumed[t - ago]));
