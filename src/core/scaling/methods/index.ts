import { QUIET_MINUTES } from '../../capacity/demand.ts';
import type { Learner, Method } from '../../capacity/method.ts';
import type { Scaling } from '../../spec.ts';
import { predictive } from './predictive/index.ts';
import type { Memory } from './predictive/memory.ts';
import { reactive } from './reactive.ts';
import { step } from './step.ts';
import { targetTracking } from './target-tracking.ts';

/** Methods by the name that settings call them. */
export const methods: Readonly<Record<string, Method>> = {
  reactive,
  'target-tracking': targetTracking,
  step,
};

/** So many minutes without traffic would by themselves make a method lower: `step` by most of its five. */
export const silenceThatLowers = ({ method }: Scaling): number => (method === 'step' ? 3 : QUIET_MINUTES);

/** Methods that learn. */
export const learners: Readonly<Record<string, Learner<Memory>>> = { predictive };

/** Whether a method that learns scales it, so that its tables follow each other as one series. */
export const learns = ({ method }: Scaling): boolean => Object.hasOwn(learners, method);
