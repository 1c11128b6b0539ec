import type { LearningMethod, StatelessMethod } from '../../capacity/method.ts';
import type { MethodName, Scaling } from '../../spec.ts';
import { keepUtilization } from './keep-utilization.ts';
import { predictive } from './predictive/index.ts';
import type { Memory } from './predictive/memory.ts';
import { step } from './step.ts';
import { targetTracking } from './target-tracking.ts';

/**
 * Every method by its name in the settings. The names are those of the settings' schema: the compiler rejects a method
 * that is in one of the two only.
 */
export const methods = {
  predictive,
  reactive: { learns: false, parameters: ['TargetUtilization'], ...keepUtilization },
  'target-tracking': targetTracking,
  step,
} satisfies Record<MethodName, StatelessMethod | LearningMethod<Memory>>;

export type Method = (typeof methods)[MethodName];

/** The method that scales a table or index; undefined if `none` does. @throws Error for an unknown method */
export function methodOf({ method }: Scaling): StatelessMethod | LearningMethod<Memory> | undefined {
  if (method === 'none') return undefined;
  if (!Object.hasOwn(methods, method)) throw new Error(`Unknown scaling method: ${method}`);
  return methods[method];
}

/** Whether the method learns, so that the tables of a group follow each other as one series. */
export const learns = (scaling: Scaling): boolean => methodOf(scaling)?.learns ?? false;
