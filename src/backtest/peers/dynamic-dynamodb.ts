import type { Controller } from '../simulate.ts';

/** Options of dynamic-dynamodb's configuration file. */
export interface DynamicDynamodbOptions {
  readonly everyMinutes: number;
  /** Percent of the provisioned capacity. */
  readonly upper: number;
  readonly lower: number;
  /** Percent that capacity changes by. */
  readonly raise: number;
  readonly cut: number;
  readonly min: number;
  readonly lowersWhenIdle: boolean;
}

export const dynamicDynamodbDefaults: DynamicDynamodbOptions = {
  everyMinutes: 5,
  upper: 90,
  lower: 30,
  raise: 50,
  cut: 50,
  min: 1,
  lowersWhenIdle: false,
};

/** The options that Mollom ran its rotated tables with, for writes. */
export const mollomTemplate: DynamicDynamodbOptions = {
  everyMinutes: 2,
  upper: 80,
  lower: 60,
  raise: 15,
  cut: 20,
  min: 5,
  lowersWhenIdle: true,
};

/** It looks at five minutes that begin 14 minutes before the one it decides in. */
const WINDOW_BEGINS = 14;
const WINDOW_MINUTES = 5;

/** dynamic-dynamodb 2.5.1: a percentage up above one threshold, a percentage down below another. */
export function dynamicDynamodb(options: DynamicDynamodbOptions = dynamicDynamodbDefaults): Controller {
  return ({ t, provisioned, consumed }) => {
    if (t % options.everyMinutes !== 0 || t < WINDOW_BEGINS) return provisioned;
    let total = 0;
    for (let i = t - WINDOW_BEGINS; i < t - WINDOW_BEGINS + WINDOW_MINUTES; i++) total += consumed[i]!;
    const percent = (total / WINDOW_MINUTES / provisioned) * 100;
    const used = Math.ceil((provisioned * percent) / 100);
    if (percent > options.upper) {
      const base = Math.max(provisioned, used);
      return base + Math.ceil((base * options.raise) / 100);
    }
    if (percent >= options.lower || (percent === 0 && !options.lowersWhenIdle)) return provisioned;
    const lower = Math.max(options.min, provisioned - Math.floor((provisioned * options.cut) / 100));
    return used > lower ? provisioned : lower;
  };
}
