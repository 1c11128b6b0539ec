import type { RotationScheme } from '../core/calendar/period.ts';
import { learners, methods } from '../core/scaling/methods/index.ts';
import { autoBilling } from './auto-billing.ts';
import { replayOf, replayOfLearner } from './own.ts';
import { groupReplayOf, groupReplayOfMethod } from './own-group.ts';
import { peers } from './peers/index.ts';
import { rotatedPeak, rotatedTracking } from './peers/rotated.ts';
import type { Replay } from './replay.ts';

const mapped = <A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

/** The method of a spec whose billing mode is left to scaling. */
export const leftToScaling = 'predictive-auto-billing';

/** Every way to provision that a backtest knows, by name: Turntable's own, then what users could have instead. */
export const replays: Readonly<Record<string, Replay>> = {
  ...mapped(learners, replayOfLearner),
  [leftToScaling]: autoBilling(replayOfLearner(learners.predictive!)),
  ...mapped(methods, replayOf),
  ...peers,
};

/** The method that a backtest is about unless a spec says otherwise. */
export const defaultMethod = 'predictive';

const prefixed = <A>(record: Readonly<Record<string, A>>): Record<string, A> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [`${name}-never-rotated`, value]));

/** Ways to run a rotated group, by name, and beside them one table that is never rotated. */
export const groupReplays = (scheme: RotationScheme): Readonly<Record<string, Replay>> => ({
  ...mapped(learners, (learner) => groupReplayOf(learner, scheme)),
  [leftToScaling]: autoBilling(groupReplayOf(learners.predictive!, scheme)),
  ...mapped(methods, (method) => groupReplayOfMethod(method, scheme)),
  'target-tracking-70-with-floor': rotatedTracking(scheme),
  'full-on-both': rotatedPeak(scheme),
  'on-demand': peers['on-demand']!,
  ...mapped(prefixed(learners), replayOfLearner),
  clairvoyant: peers.clairvoyant!,
});
