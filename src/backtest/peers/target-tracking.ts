import { tracked } from '../../core/scaling/methods/tracking.ts';
import type { Controller } from '../simulate.ts';

/** Application Auto Scaling's target tracking at `target` percent, by the rule of our own method of that name. */
export const targetTracking =
  (target: number): Controller =>
  ({ t, provisioned, consumed }) =>
    tracked(target, provisioned, (ago) => (ago > t ? undefined : consumed[t - ago]));
