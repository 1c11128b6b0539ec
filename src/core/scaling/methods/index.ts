import type { LearningMethod, StatelessMethod } from '../../capacity/method.ts';
import type { MethodName, Scaling } from '../../spec.ts';
import { predictive } from './predictive/index.ts';
import type { Memory } from './predictive/memory.ts';
import { reactive } from './reactive.ts';
import { step } from './step.ts';
import { targetTracking } from './target-tracking.ts';

export type Method = StatelessMethod | LearningMethod<Memory>;

/**
 * Every method by its name in the settings. The names are those of the settings' schema: the compiler rejects a method
 * that only one of the two has.
 */
export const methods = {
  predictive,
  reactive,
  'target-tracking': targetTracking,
  step,
} as const satisfies Record<MethodName, Method>;

/** The method that scales a table or index; undefined for `none`. @throws Error for an unknown method */
export function methodOf({ method }: Pick<Scaling, 'method'>): Method | undefined {
  if (method === 'none') return undefined;
  if (!Object.hasOwn(methods, method)) throw new Error(`Unknown scaling method: ${method}`);
  return methods[method];
}

/** Whether the method learns, so that the tables of a group follow each other as one series. */
export const learns = (scaling: Pick<Scaling, 'method'>): boolean => methodOf(scaling)?.learns ?? false;
