import type { Scaling } from '../../spec.ts';
import { QUIET_MINUTES } from '../../capacity/demand.ts';
import type { Learner, Method } from '../../capacity/method.ts';
import { reactive } from './reactive.ts';
import { riding } from './predictive/index.ts';
import type { Memory } from './predictive/memory.ts';
import { steps } from './step.ts';
import { targetTracking } from './target-tracking.ts';

/** Methods by the name that settings call them. */
export const methods: Readonly<Record<string, Method>> = {
  reactive,
  'target-tracking': targetTracking,
  steps,
};

/** So many minutes without traffic would by themselves make a method lower: `steps` by most of its five. */
export const silenceThatLowers = ({ method }: Scaling): number => (method === 'steps' ? 3 : QUIET_MINUTES);

/** Methods that learn. */
export const learners: Readonly<Record<string, Learner<Memory>>> = { riding };

/** Whether a method that learns scales it, so that its tables follow each other as one series. */
export const learns = ({ method }: Scaling): boolean => Object.hasOwn(learners, method);
