import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/backtest/figures.ts';
import { peers } from '../../src/backtest/peers/index.ts';
import { minutesOf } from '../../src/backtest/trace.ts';
import { parseTrace } from '../../src/backtest/trace-csv.ts';

const MEAN = 500;

const methods = [
  'target-tracking-50',
  'target-tracking-70',
  'target-tracking-90',
  'dynamic-dynamodb',
  'mollom-template',
  'lambda-autoscale',
  'static-peak',
  'clairvoyant',
] as const;

/** Cost relative to demand, and throttled demand in percent, in the order of `methods`. */
const references: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  nab_elb_requests: [
    [4.168, 0.994],
    [2.925, 2.677],
    [2.146, 6.366],
    [2.551, 1.971],
    [3.136, 0.197],
    [5.581, 0.129],
    [10.612, 0.0],
    [1.722, 0.0],
  ],
  nab_tweets_amzn: [
    [2.758, 0.366],
    [1.872, 0.54],
    [1.42, 0.933],
    [1.884, 0.887],
    [1.808, 0.945],
    [3.227, 0.168],
    [31.39, 0.0],
    [1.194, 0.0],
  ],
  nab_tweets_goog: [
    [3.086, 0.163],
    [2.141, 0.638],
    [1.604, 1.909],
    [1.947, 2.152],
    [2.229, 1.54],
    [4.153, 0.075],
    [22.426, 0.0],
    [1.309, 0.0],
  ],
  nab_tweets_aapl: [
    [2.776, 6.168],
    [1.851, 10.485],
    [1.271, 17.888],
    [1.618, 19.175],
    [2.106, 18.439],
    [7.297, 3.309],
    [80.0, 1.228],
    [1.352, 0.0],
  ],
  nab_tweets_ups: [
    [2.761, 28.224],
    [1.456, 45.087],
    [0.784, 58.974],
    [1.2, 52.762],
    [2.073, 46.967],
    [11.383, 4.22],
    [42.338, 0.0],
    [1.47, 0.0],
  ],
  nyc_taxi_30min: [
    [2.24, 0.0],
    [1.566, 0.0],
    [1.199, 0.0],
    [1.59, 0.0],
    [1.438, 0.0],
    [1.925, 0.0],
    [2.59, 0.0],
    [1.037, 0.0],
  ],
  nab_ec2_diskwrite: [
    [0.88, 84.085],
    [0.107, 96.938],
    [0.008, 99.674],
    [8.106, 54.795],
    [6.296, 41.302],
    [20.842, 10.0],
    [49.852, 0.0],
    [2.129, 0.0],
  ],
};

describe('the simulator reproduces the reference values of an independent implementation', () => {
  for (const [trace, values] of Object.entries(references)) {
    const file = new URL(`../fixtures/traces/${trace}.csv`, import.meta.url);
    const series = minutesOf(parseTrace(trace, readFileSync(file, 'utf8')), MEAN);
    it.each(methods.map((name, i) => [name, ...values[i]!] as const))(
      `on ${trace}: %s`,
      (name, cost, throttled) => {
        const figures = figuresOf(series, peers[name]!(series, {}));
        expect(Math.abs(figures.costRelative! - cost)).toBeLessThan(0.01 * cost + 0.0005);
        // The references have three decimals.
        expect(Math.abs(figures.throttledShare * 100 - throttled)).toBeLessThan(0.01 * throttled + 0.0005);
      },
    );
  }
});
