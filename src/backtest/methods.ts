import type { RotationScheme } from '../core/calendar/period.ts';
import { type Method, methods } from '../core/scaling/methods/index.ts';
import { autoBilling } from './auto-billing.ts';
import { replayOf, replayOfLearner } from './own.ts';
import { groupReplayOf, groupReplayOfMethod } from './own-group.ts';
import { peers } from './peers/index.ts';
import { rotatedPeak, rotatedTracking } from './peers/rotated.ts';
import type { Replay } from './replay.ts';

const mapped = <A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

/** The name of `predictive` with Billing auto. */
export const leftToScaling = 'predictive-auto-billing';

const { predictive, ...others } = methods;

const replayOfMethod = (method: Method): Replay =>
  method.learns ? replayOfLearner(method) : replayOf(method);

const groupReplay =
  (scheme: RotationScheme) =>
  (method: Method): Replay =>
    method.learns ? groupReplayOf(method, scheme) : groupReplayOfMethod(method, scheme);

/** Every way to provision that a backtest knows, by name: first the methods, then the alternatives. */
export const replays: Readonly<Record<string, Replay>> = {
  predictive: replayOfMethod(predictive),
  [leftToScaling]: autoBilling(replayOfMethod(predictive)),
  ...mapped(others, replayOfMethod),
  ...peers,
};

/** The method that a backtest highlights unless a spec has another one. */
export const defaultMethod = 'predictive';

/** Ways to run a rotated group, by name, and for comparison one table that is never rotated. */
export const groupReplays = (scheme: RotationScheme): Readonly<Record<string, Replay>> => ({
  predictive: groupReplay(scheme)(predictive),
  [leftToScaling]: autoBilling(groupReplay(scheme)(predictive)),
  ...mapped(others, groupReplay(scheme)),
  'target-tracking-70-with-floor': rotatedTracking(scheme),
  'full-on-both': rotatedPeak(scheme),
  'on-demand': peers['on-demand'],
  'predictive-never-rotated': replayOfMethod(predictive),
  clairvoyant: peers.clairvoyant,
});
