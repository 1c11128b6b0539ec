import { stepped } from '../../core/scaling/methods/step.ts';
import type { Step } from '../../core/spec.ts';
import type { Controller } from '../simulate.ts';

/** Options of dynamic-dynamodb's configuration file. */
export interface DynamicDynamodbOptions extends Step {
  readonly everyMinutes: number;
  readonly min: number;
  readonly lowersWhenIdle: boolean;
}

export const dynamicDynamodbDefaults: DynamicDynamodbOptions = {
  everyMinutes: 5,
  raiseAbove: 90,
  raiseBy: 50,
  lowerBelow: 30,
  lowerBy: 50,
  min: 1,
  lowersWhenIdle: false,
};

/** The options that Mollom used for writes to its rotated tables. */
export const mollomTemplate: DynamicDynamodbOptions = {
  everyMinutes: 2,
  raiseAbove: 80,
  raiseBy: 15,
  lowerBelow: 60,
  lowerBy: 20,
  min: 5,
  lowersWhenIdle: true,
};

/** It decides by five minutes that start 14 minutes before the minute of the decision. */
const WINDOW_BEGINS = 14;
const WINDOW_MINUTES = 5;

/** dynamic-dynamodb 2.5.1: raises by a percentage above one threshold, and lowers by a percentage below another. */
export function dynamicDynamodb(options: DynamicDynamodbOptions = dynamicDynamodbDefaults): Controller {
  return ({ t, provisioned, consumed }) => {
    if (t % options.everyMinutes !== 0 || t < WINDOW_BEGINS) return provisioned;
    let total = 0;
    for (let i = t - WINDOW_BEGINS; i < t - WINDOW_BEGINS + WINDOW_MINUTES; i++) total += consumed[i]!;
    const idle = total === 0 && !options.lowersWhenIdle;
    return idle ? provisioned : stepped(options, provisioned, total / WINDOW_MINUTES, options.min);
  };
}
