import type { Scaling } from '../../spec.ts';
import type { Learner, Method } from './method.ts';
import { reactive } from './reactive.ts';
import { riding } from './riding/index.ts';
import type { Memory } from './riding/memory.ts';
import { steps } from './steps.ts';
import { targetTracking } from './target-tracking.ts';

/** Methods by the name that settings call them. */
export const methods: Readonly<Record<string, Method>> = {
  reactive,
  'target-tracking': targetTracking,
  steps,
};

/** Methods that learn. */
export const learners: Readonly<Record<string, Learner<Memory>>> = { riding };

/** Whether a method that learns scales it, so that its tables follow each other as one series. */
export const learns = ({ method }: Scaling): boolean => Object.hasOwn(learners, method);
